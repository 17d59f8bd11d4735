from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_organisers")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="hidden_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="hidden by moderators"),
        ),
    ]
