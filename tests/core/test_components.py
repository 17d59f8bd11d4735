import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from factories.members import UserFactory

NAVIGATION = (
    "{% load frame %}{% standpoint as here %}"
    "{% navigation here.room here.is_index here.is_authenticated here.is_member as sections %}"
)


def render(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context, context.get("request"))


class QuestionForm(forms.Form):
    title = forms.CharField(help_text="A question makes a good title.")
    body = forms.CharField(widget=forms.Textarea, required=False)
    audience = forms.ChoiceField(widget=forms.RadioSelect, choices=[("m", "Members")], help_text="Narrow it later.")
    rules = forms.BooleanField(label="I have read the rules")
    thread = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Two things do not fit together.")


def test_icon_is_inline_and_hidden_from_screen_readers():
    svg = render('{% icon "calendar" 16 %}')

    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert 'width="16"' in svg
    assert "style=" not in svg


def test_avatar_shows_initials_on_the_hue_of_the_id():
    user = UserFactory.build(pk=27, display_name="Maren Aldous")

    html = render("{% avatar user %}", user=user)

    assert html == '<span class="avatar avatar--m avatar--hue-3" aria-hidden="true">MA</span>'


def test_avatar_shows_the_picture_where_there_is_one():
    user = UserFactory.build(pk=27, picture="pictures/a.webp")

    html = render('{% avatar user "l" %}', user=user)

    assert '<img src="/media/pictures/a.webp" alt=""' in html
    assert "avatar--l" in html


def test_avatar_of_nobody_is_an_outline():
    assert "avatar--nobody" in render("{% avatar user %}", user=None)


def test_avatar_escapes_a_hostile_name():
    user = UserFactory.build(pk=1, display_name="Ann", email="<b@example.org")
    user.display_name = ""

    assert "&lt;" in render("{% avatar user %}", user=user)


def test_avatars_name_the_people_and_count_the_rest():
    users = [UserFactory.build(pk=1, display_name="Maren Aldous"), UserFactory.build(pk=2, display_name="A <b>")]

    html = render("{% avatars users total=9 %}", users=users)

    assert '<span class="visually-hidden">Maren Aldous</span>' in html
    assert "A &lt;b&gt;" in html
    assert "and 7 more" in html


def test_avatars_of_no_people_are_nothing():
    assert render("{% avatars users %}", users=[]) == ""


def test_field_ties_label_help_and_error_to_the_widget():
    html = render("{% field form.title %}", form=QuestionForm({}))

    assert '<label class="field__label" for="id_title">Title</label>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert "This field is required." in html


def test_field_without_help_and_error_is_described_by_nothing():
    html = render("{% field form.body %}", form=QuestionForm())

    assert "aria-describedby" not in html
    assert "optional" in html


def test_field_of_radio_buttons_is_a_fieldset_with_a_legend():
    html = render("{% field form.audience %}", form=QuestionForm({}))

    assert '<fieldset aria-describedby="id_audience_helptext id_audience_error">' in html
    assert "<legend" in html
    assert "field--choices" in html


def test_field_of_a_checkbox_has_its_label_after_it():
    html = render("{% field form.rules %}", form=QuestionForm())

    assert html.index('type="checkbox"') < html.index("I have read the rules")


def test_field_keeps_what_was_typed_and_escapes_it():
    html = render("{% field form.body %}", form=QuestionForm({"body": "</textarea><script>"}))

    assert "&lt;/textarea&gt;&lt;script&gt;" in html


def test_field_label_can_be_said_otherwise_or_only_to_screen_readers():
    html = render('{% field form.title label="Subject" label_hidden=True %}', form=QuestionForm())

    assert '<label class="field__label visually-hidden" for="id_title">Subject</label>' in html


def test_field_that_is_hidden_is_only_its_input():
    html = render("{% field form.thread %}", form=QuestionForm())

    assert html.strip() == '<input type="hidden" name="thread" id="id_thread">'


def test_form_fields_say_first_what_belongs_to_no_field():
    html = render("{% form_fields form %}", form=QuestionForm({"title": "x"}))

    assert html.index("Two things do not fit together.") < html.index("id_title")
    assert 'role="alert"' in html
    assert html.count('name="thread"') == 1


def test_pagination_keeps_the_other_parameters():
    request = RequestFactory().get("/people/", {"q": "a&b", "page": "2"})

    html = render("{% pagination page %}", page=Paginator(range(30), 10).page(2), request=request)

    assert 'rel="prev" href="?q=a%26b&amp;page=1"' in html
    assert 'rel="next" href="?q=a%26b&amp;page=3"' in html
    assert "Page 2 of 3" in html


def test_pagination_of_one_page_is_nothing():
    request = RequestFactory().get("/people/")

    assert render("{% pagination page %}", page=Paginator([], 10).page(1), request=request).strip() == ""


def test_date_tile_says_the_day_to_machines_too():
    html = render("{% date_tile day %}", day=date(2026, 12, 10))

    assert '<time class="date-tile" datetime="2026-12-10">' in html
    assert re.sub(r"<[^>]+>", "", html).split() == ["Dec", "10"]


def test_moments_are_told_in_the_zone_of_the_reader():
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    with timezone.override("Europe/Berlin"):
        tile, iso, as_django = (
            render(source, at=moment) for source in ["{% date_tile at %}", "{{ at|iso }}", '{{ at|date:"c" }}']
        )

    assert 'datetime="2027-01-01"' in tile
    assert iso == as_django == "2027-01-01T00:30:00+01:00"


def test_empty_escapes_its_title_and_keeps_the_way():
    html = render('{% empty title %}<a href="/events/new/">Propose one</a>{% endempty %}', title="No <meetings>")

    assert "No &lt;meetings&gt;" in html
    assert '<a href="/events/new/">Propose one</a>' in html


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("/events/", "Events", "page"),
        ("/events/7/", "Events", "true"),
        ("/groups/ohio/", "Groups", "true"),
        ("/", "", ""),
    ],
)
def test_navigation_marks_where_the_reader_is(path, label, current):
    request = RequestFactory().get(path)

    marked = "{% if section.current %}{{ section.label }} {{ section.current }}{% endif %}"

    html = render(NAVIGATION + "{% for section in sections %}" + marked + "{% endfor %}", request=request)

    assert html == f"{label} {current}".strip()


@pytest.mark.parametrize(
    ("standing", "offered"),
    [(None, set()), ("applicant", {"Today"}), ("active", {"Today", "People"})],
)
def test_navigation_offers_only_rooms_that_the_reader_may_enter(standing, offered):
    request = RequestFactory().get("/")
    request.user = UserFactory.build(standing=standing) if standing else AnonymousUser()

    labels = render(
        NAVIGATION + "{% for section in sections %}{{ section.label }} {% endfor %}", request=request
    ).split()

    assert set(labels) & {"Today", "People"} == offered
    assert {"Discussions", "Groups", "Events", "Learning", "Articles"} <= set(labels)
