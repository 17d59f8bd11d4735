import core.zones
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import events.recurring
import modelsearch.index
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('groups', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('world', 'Everybody'), ('members', 'Members of the association'), ('practitioners', 'Practitioners'), ('group', 'One group')], default='members', max_length=13, verbose_name='who can read it')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('chapter_meeting', 'Chapter meeting'), ('case_consultation', 'Case consultation'), ('workshop', 'Workshop'), ('social', 'Social'), ('committee', 'Committee'), ('conference', 'Conference')], default='chapter_meeting', max_length=20, verbose_name='kind')),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('online', 'Online'), ('hybrid', 'In person and online')], default='in_person', max_length=10, verbose_name='how people meet')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('summary', models.CharField(blank=True, help_text='Shown in lists, and to whoever may read the event.', max_length=200, verbose_name='in a sentence or two')),
                ('description', models.TextField(blank=True, help_text='Markdown works here. Leave out street addresses and links to the meeting: they have places of their own.', validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='description')),
                ('starts_on', models.DateField(help_text='For a series, its first date.', verbose_name='date')),
                ('starts_time', models.TimeField(verbose_name='starts at')),
                ('time_zone', models.CharField(max_length=64, validators=[core.zones.validate_zone], verbose_name='time zone')),
                ('minutes', models.PositiveIntegerField(default=90, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10080)], verbose_name='length in minutes')),
                ('recurrence', events.recurring.RuleField(blank=True, editable=False, null=True, verbose_name='repeats')),
                ('capacity', models.PositiveIntegerField(blank=True, help_text='Leave empty when everybody fits. When the seats are taken, people are put on a waitlist.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='seats')),
                ('town', models.CharField(blank=True, help_text='Everybody who may read the event sees it.', max_length=80, verbose_name='town')),
                ('venue', models.CharField(blank=True, help_text='Shown to members.', max_length=120, verbose_name='venue')),
                ('address', models.CharField(blank=True, help_text='Shown to members.', max_length=200, verbose_name='street address')),
                ('access_notes', models.TextField(blank=True, help_text='Steps, elevator, hearing loop, parking. Shown to members.', validators=[django.core.validators.MaxLengthValidator(600)], verbose_name='getting in')),
                ('online_link', models.URLField(blank=True, help_text='Shown only to people with a seat.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https', 'http'])], verbose_name='link to the online meeting')),
                ('ce_hours', models.DecimalField(blank=True, decimal_places=2, default=Decimal('0'), help_text='0 when it carries no continuing-education credit.', max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(60)], verbose_name='CE hours')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('planned_until', models.DateField(blank=True, editable=False, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='cancelled')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='groups.group', verbose_name='group')),
                ('hosts', models.ManyToManyField(blank=True, related_name='hosted_events', to=settings.AUTH_USER_MODEL, verbose_name='hosts')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['-starts_on', 'pk'],
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original_date', models.DateField()),
                ('original_start', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('local_date', models.DateField()),
                ('local_time', models.TimeField()),
                ('capacity', models.PositiveIntegerField(blank=True, null=True)),
                ('going_count', models.PositiveIntegerField(default=0, editable=False)),
                ('waiting_count', models.PositiveIntegerField(default=0, editable=False)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('outside_rule', models.BooleanField(default=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='events.event')),
            ],
            options={
                'verbose_name': 'date',
                'verbose_name_plural': 'dates',
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Rsvp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('going', 'Going'), ('waiting', 'On the waitlist'), ('cancelled', 'Not going')], max_length=9, verbose_name='answer')),
                ('quiet', models.BooleanField(default=False, help_text='Only the organizers see that you are coming.', verbose_name='go quietly')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rsvps', to='events.occurrence')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rsvps', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'RSVP',
                'verbose_name_plural': 'RSVPs',
                'ordering': ['queued_at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('recurrence__isnull', False)), fields=['planned_until'], name='events_to_plan'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'group'), _negated=True), ('group__isnull', False), _connector='OR'), name='events_event_audience_group'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 5)), name='event_has_a_length'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('capacity', None), ('capacity__gte', 1), _connector='OR'), name='event_has_a_seat'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'case_consultation'), _negated=True), ('audience__in', ['practitioners', 'group']), _connector='OR'), name='cases_are_for_practitioners_or_a_group'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['starts_at', 'id'], name='occurrence_agenda'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['event', 'starts_at'], name='occurrence_of_event'),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['ends_at'], name='occurrence_end'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(fields=('event', 'original_date'), name='one_occurrence_a_date'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('event', 'original_start'), name='one_occurrence_a_start'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='occurrence_ends_after_its_start'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.CheckConstraint(condition=models.Q(('capacity', None), ('capacity__gte', 1), _connector='OR'), name='occurrence_has_a_seat'),
        ),
        migrations.AddIndex(
            model_name='rsvp',
            index=models.Index(fields=['occurrence', 'state', 'queued_at'], name='rsvp_queue'),
        ),
        migrations.AddIndex(
            model_name='rsvp',
            index=models.Index(fields=['user', 'state'], name='rsvps_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='rsvp',
            constraint=models.UniqueConstraint(fields=('occurrence', 'user'), name='one_rsvp_a_person'),
        ),
    ]
