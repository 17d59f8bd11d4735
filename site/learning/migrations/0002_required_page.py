"""The list of workshops and courses, below the home page."""

from django.db import migrations


def create(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    HomePage = apps.get_model("articles", "HomePage")
    home = HomePage.objects.first()
    kind, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="learning", model="ceindexpage"
    )
    last = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1).order_by("path").last()
    step = int(last.path[-4:], 36) + 1 if last else 1
    apps.get_model("learning", "CeIndexPage").objects.create(
        title="Learning", draft_title="Learning", slug="learning", path=f"{home.path}{_base36(step)}", depth=home.depth + 1,
        numchild=0, url_path=f"{home.url_path}learning/", locale_id=home.locale_id, live=True, content_type=kind,
    )
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild + 1)


def _base36(number):
    digits = ""
    for _position in range(4):
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits


def remove(apps, schema_editor):
    """Takes the listings with it, whose tables go next."""
    Page = apps.get_model("wagtailcore", "Page")
    for index in apps.get_model("learning", "CeIndexPage").objects.all():
        home = Page.objects.get(path=index.path[:-4])
        Page.objects.filter(path__startswith=index.path).delete()
        Page.objects.filter(pk=home.pk).update(numchild=max(0, home.numchild - 1))


class Migration(migrations.Migration):

    dependencies = [("learning", "0001_initial"), ("articles", "0002_required_pages")]

    operations = [migrations.RunPython(create, remove)]
