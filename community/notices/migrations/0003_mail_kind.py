from django.db import migrations, models
from django.db.models import F


def as_they_are(apps, schema_editor):
    """What waits for a digest already is told of as the kind that it is."""
    apps.get_model("notices", "Notice").objects.update(mail_kind=F("kind"))


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_notices_and_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="mail_kind",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.RunPython(as_they_are, migrations.RunPython.noop),
    ]
