from django.db import migrations
from django.db.models import F


def say_so(apps, schema_editor):
    """Until now, the only way for a post not to be read was that a moderator hid it."""
    posts = apps.get_model("forum_conversation", "Post").objects
    posts.filter(approved=False, removed="").update(removed="moderator", removed_at=F("updated"))


class Migration(migrations.Migration):
    dependencies = [("forum_conversation", "0002_kinds_tags_and_removal")]

    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
