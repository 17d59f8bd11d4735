"""What surrounds a page: its parts are rendered once for the same values, and hold nothing of anybody."""

import pytest
from django.template import engines
from django.test.utils import override_script_prefix
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext, trans_real
from wagtail.models import Site

from core.models import Association
from core.templatetags import frame
from factories.members import UserFactory


@pytest.fixture(autouse=True)
def _nothing_kept():
    frame._rendered.cache_clear()


def render(source: str, **context) -> str:
    return engines["django"].from_string("{% load frame %}" + source).render(context)


FOOTER = '{% kept "components/site_footer.html" name=name text="" contact_email="" %}'


def test_the_same_values_are_rendered_once():
    assert render(FOOTER, name="Ohio") == render(FOOTER, name="Ohio")
    assert frame._rendered.cache_info().misses == 1
    assert "Oregon" in render(FOOTER, name="Oregon")


def test_a_text_that_is_not_escaped_is_not_taken_for_one_that_is():
    safe = render(FOOTER, name=mark_safe("<b>Ohio</b>"))

    assert "<b>Ohio</b>" in safe
    assert "&lt;b&gt;Ohio&lt;/b&gt;" in render(FOOTER, name="<b>Ohio</b>")


def test_the_kept_part_sees_what_it_is_given_and_nothing_around_it():
    html = render('{{ own_words }}{% kept "components/own_words.html" %}', own_words="Canary")

    assert html.count("Canary") == 1


def test_objects_are_not_kept():
    with pytest.raises(TypeError):
        render(FOOTER, name=Association(name="Ohio"))


def test_two_members_get_the_same_frame_and_each_their_own_menu(client, db):
    pages = []
    for name in ["Ann Canary", "Bea Canary"]:
        user = UserFactory(display_name=name, standing="active")
        client.force_login(user)
        pages.append(client.get("/rules/").content.decode())

    assert "Ann Canary" in pages[0]
    assert "Ann Canary" not in pages[1]
    assert "Bea Canary" in pages[1]


def test_standing_counts_on_the_next_page(client, db):
    user = UserFactory(standing="active")
    client.force_login(user)
    assert 'href="/people/"' in client.get("/rules/").content.decode()

    type(user).objects.filter(pk=user.pk).update(standing="lapsed")

    assert 'href="/people/"' not in client.get("/rules/").content.decode()


def test_a_new_name_of_the_association_stands_on_the_next_page(client, db):
    client.get("/rules/")
    site = Site.objects.get(is_default_site=True)

    Association.objects.update_or_create(
        site=site, defaults={"name": "Canary Society", "short_name": "", "contact_email": "ask@example.org"}
    )

    page = client.get("/rules/").content.decode()
    assert "Canary Society" in page
    assert "mailto:ask@example.org" in page


def test_the_frame_takes_three_queries(client, db, django_assert_num_queries):
    client.force_login(UserFactory(standing="active"))
    client.get("/rules/")

    with django_assert_num_queries(4):  # session, person, the rules, the association
        client.get("/rules/")


def test_the_same_sentence_is_asked_for_in_each_language_once():
    template = engines["django"].from_string('{% load i18n %}{% language to %}{% translate "Yes" %}{% endlanguage %}')

    words = [template.render({"to": language}) for language in ["en-us", "fr", "en-us", "fr", "de"]]

    assert words == ["Yes", "Oui", "Yes", "Oui", "Ja"]


def test_sentences_with_filters_names_and_contexts_are_translated_each_time():
    template = engines["django"].from_string(
        '{% load i18n %}{% translate word|lower %}{% translate "Kept" as kept %}{{ kept }}'
        '{% translate "May" context "x" %}'
    )

    assert template.render({"word": "A"}) == "aKeptMay"
    assert template.render({"word": "B"}) == "bKeptMay"


def test_english_has_no_empty_catalogs():
    catalog = trans_real.translation("en-us")._catalog

    assert len(catalog._catalogs) == 1
    assert ngettext("%(count)d day", "%(count)d days", 1) == "%(count)d day"
    assert ngettext("%(count)d day", "%(count)d days", 2) == "%(count)d days"


def test_the_address_of_a_page_is_resolved_once():
    template = engines["django"].from_string('{% url "groups:list" %}')

    first = template.render()
    with override_script_prefix("/below/"):
        below = template.render()

    assert [first, below, template.render()] == ["/groups/", "/below/groups/", "/groups/"]
