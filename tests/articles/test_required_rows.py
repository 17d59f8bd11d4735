from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Locale, Page, Site

from articles.models import ArticleIndexPage, HomePage
from core.models import Association
from factories.articles import ArticleFactory
from learning.models import CeIndexPage


@pytest.mark.parametrize("address", ["/", "/articles/", "/learning/", "/accessibility/", "/articles/feed/"])
def test_a_new_site_answers(client, db, address):
    assert client.get(address).status_code == 200


def test_the_tree_is_sound(db):
    assert Page.find_problems() == ([], [], [], [], [])
    assert HomePage.objects.get().get_children().count() == 3
    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()


def test_addresses_follow_from_the_tree(db):
    article = ArticleFactory(slug="a-tree")

    assert HomePage.objects.get().url == "/"
    assert ArticleIndexPage.objects.get().url == "/articles/"
    assert CeIndexPage.objects.get().url == "/learning/"
    assert Page.objects.get(pk=article.pk).specific.url == "/articles/a-tree/"


def test_the_pages_are_made_where_there_is_nothing_at_all(db):
    Site.objects.all().delete()
    Page.objects.all().delete()
    Locale.objects.all().delete()
    Group.objects.all().delete()
    Association.objects.all().delete()

    import_module("articles.migrations.0002_required_pages").create(apps, None)
    import_module("articles.migrations.0003_editors_and_moderators").create(apps, None)
    import_module("learning.migrations.0002_required_page").create(apps, None)

    assert Page.find_problems() == ([], [], [], [], [])
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert CeIndexPage.objects.get().url == "/learning/"


def test_the_migrations_go_back_and_forth(fresh_database):
    ArticleFactory()

    call_command("migrate", "learning", "0001", verbosity=0)
    call_command("migrate", "articles", "0001", verbosity=0)
    assert list(Page.objects.values_list("slug", flat=True)) == ["root", "home"]
    assert not Group.objects.get(name="Editors").permissions.exists()

    call_command("migrate", verbosity=0)
    assert Page.find_problems() == ([], [], [], [], [])
    assert HomePage.objects.get().get_children().count() == 3
