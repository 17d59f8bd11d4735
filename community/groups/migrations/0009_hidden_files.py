from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0008_staff_look_after_groups")]

    operations = [
        migrations.AddField(
            model_name="groupfile",
            name="hidden_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="hidden by moderators"),
        ),
    ]
