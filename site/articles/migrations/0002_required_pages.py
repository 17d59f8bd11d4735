"""The rows without which there is no site: the home page at its root, the list of articles, the accessibility page."""

import json
import uuid

from django.db import migrations

ACCESSIBILITY = [
    ("paragraph", "<p>We want every colleague to be able to use this site: with a keyboard, with a screen reader, with "
     "large text, on a small phone, with motion turned off, or at the end of a very long day.</p>"),
    ("heading", "What we aim for"),
    ("paragraph", "<p>The Web Content Accessibility Guidelines 2.2, level AA. Every page works without JavaScript, "
     "nothing is said by color alone, and pictures in articles carry a description.</p>"),
    ("heading", "What may fall short"),
    ("paragraph", "<p>Files that members or editors upload, and videos that we link to elsewhere, are made by many "
     "people. Some will not be accessible. Ask us and we will find another way to give you what is in them.</p>"),
    ("heading", "Tell us"),
    ("paragraph", "<p>If something gets in your way, write to the contact address at the foot of this page. A person "
     "reads it. Say which page it was and what you use, if you know.</p>"),
]


def create(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    locale = Locale.objects.first() or Locale.objects.create(language_code="en")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        root = Page.objects.create(
            title="Root", draft_title="Root", slug="root", path="0001", depth=1, numchild=0, url_path="/",
            locale=locale, content_type=_type(apps, "wagtailcore", "page"), live=True,
        )

    home = _home(apps, root, locale)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", port=80, is_default_site=True, root_page_id=home.pk)
    else:
        Site.objects.filter(pk=site.pk).update(root_page_id=home.pk)

    _child(apps, home, "ArticleIndexPage", 1, "Articles", "articles", locale)
    body = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in ACCESSIBILITY]
    _child(
        apps, home, "StandardPage", 2, "Accessibility", "accessibility", locale,
        audience="world", intro="How this site is made usable for everybody, and where to write when it isn't.",
        body=json.dumps(body),
    )
    Page.objects.filter(pk=home.pk).update(numchild=Page.objects.filter(path__startswith=home.path, depth=3).count())


def _type(apps, label, model):
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=label, model=model)[0]


def _home(apps, root, locale):
    """Turn the page that Wagtail greets with into our home page, so that what points at it keeps pointing."""
    Page, HomePage = apps.get_model("wagtailcore", "Page"), apps.get_model("articles", "HomePage")
    page = Page.objects.filter(depth=2, path__startswith=root.path, slug="home").first()
    if page is None:
        siblings = Page.objects.filter(depth=2, path__startswith=root.path).order_by("path")
        step = int(siblings.last().path[-4:], 36) + 1 if siblings else 1
        page = Page(path=f"{root.path}{_base36(step)}", depth=2, slug="home", url_path="/home/", locale=locale)
        Page.objects.filter(pk=root.pk).update(numchild=len(siblings) + 1)
    home = HomePage(page_ptr_id=page.pk)
    for field in Page._meta.concrete_fields:
        setattr(home, field.attname, getattr(page, field.attname))
    home.title = home.draft_title = "Welcome"
    home.content_type = _type(apps, "articles", "homepage")
    home.live = True
    home.save()
    return home


def _base36(number):
    digits = ""
    for _position in range(4):
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits


def _child(apps, home, model, step, title, slug, locale, **fields):
    Model = apps.get_model("articles", model)
    return Model.objects.create(
        title=title, draft_title=title, slug=slug, path=f"{home.path}{_base36(step)}", depth=3, numchild=0,
        url_path=f"{home.url_path}{slug}/", locale=locale, live=True,
        content_type=_type(apps, "articles", model.lower()), **fields,
    )


def remove(apps, schema_editor):
    """Back to the page that Wagtail greets with. What stands below the home page goes with its tables."""
    Page, HomePage = apps.get_model("wagtailcore", "Page"), apps.get_model("articles", "HomePage")
    for home in HomePage.objects.all():
        Page.objects.filter(path__startswith=home.path, depth__gt=home.depth).delete()
        home.delete(keep_parents=True)
        Page.objects.filter(pk=home.pk).update(
            title="Welcome to your new Wagtail site!", draft_title="Welcome to your new Wagtail site!", numchild=0,
            content_type=_type(apps, "wagtailcore", "page"), latest_revision=None, live_revision=None,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create, remove)]
