"""Rows of articles and the markup of their pictures, which are made without an instance of either."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.images.models import Picture

from articles import lines
from articles.models import ArticlePage
from core import pictures
from core.models import SiteImage
from factories.articles import ArticleFactory, ImageFactory, SubjectFactory
from factories.members import UserFactory


def rows(*uses: str) -> list[lines.Line]:
    return lines.lines(ArticlePage.objects.visible_to(AnonymousUser()).newest().for_list(), *uses)


def depicted(image: SiteImage) -> pictures.Depicted:
    return pictures.Depicted(*SiteImage.objects.filter(pk=image.pk).values_list(*pictures.COLUMNS).get())


def attributes(html: str) -> list[list[str]]:
    """Of each tag its attributes, in an order of ours."""
    return [sorted(re.findall(r'[a-z]+="[^"]*"', tag)) for tag in re.findall(r"<(?:source|img)[^>]*>", html)]


@pytest.mark.parametrize("use", pictures.USES)
@pytest.mark.parametrize("has_focus", [True, False])
def test_the_markup_is_what_wagtail_writes(db, use, has_focus):
    focus = dict.fromkeys(("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"), 20)
    image = ImageFactory(**(focus if has_focus else {}))
    shown = {"alt": 'A "tree" & <more>', "sizes": pictures.USES[use].sizes, "loading": "lazy", "decoding": "async"}
    theirs = Picture(image.get_renditions(*pictures.USES[use].specs), shown).__html__()

    for ours in (pictures.markup(each, use, shown["alt"]) for each in (image, depicted(image))):
        assert attributes(ours) == attributes(theirs)
        assert ours.startswith("<picture><source ")


def test_a_size_that_is_missing_is_made_and_then_found(db, django_assert_num_queries):
    ArticleFactory(lead_image=ImageFactory(), lead_image_alt="A tree")

    made = rows()[0].picture
    with django_assert_num_queries(2):
        found = rows()[0].picture

    assert "fill-240x180" in made
    assert found == made


def test_a_cut_around_a_former_focus_is_not_shown(db):
    image = ImageFactory()
    before = pictures.markup(image, "card")
    SiteImage.objects.filter(pk=image.pk).update(
        focal_point_x=5, focal_point_y=5, focal_point_width=2, focal_point_height=2
    )

    after = pictures.markup(depicted(image), "card")

    assert attributes(after) != attributes(before)


def test_an_image_that_is_gone_by_now_shows_nothing(db):
    image = ImageFactory()
    row = depicted(image)
    image.delete()

    assert pictures.markup(row, "wide") == ""


def test_a_line_has_its_topics_by_name_and_two_of_them_at_most(db):
    names = ["Trauma", "Grief & loss", "Couples"]
    ArticleFactory(subjects=[SubjectFactory(name=name) for name in names])
    ArticleFactory(subjects=[], published_on="2020-01-01")

    assert [line.subjects for line in rows()] == [("Couples", "Grief & loss"), ()]


@pytest.mark.parametrize(
    ("author", "text", "byline"), [("Ngozi Adeyemi", "Not her", "Ngozi Adeyemi"), (None, "A guest", "A guest")]
)
def test_a_line_says_who_wrote_it_as_the_page_does(db, author, text, byline):
    article = ArticleFactory(author=author and UserFactory(display_name=author), author_text=text)

    assert rows()[0].byline == article.byline == byline
    assert rows()[0].url == article.url


def test_names_in_a_row_are_escaped(client, db):
    ArticleFactory()
    ArticleFactory(
        title="<b>One</b>",
        intro="<i>two</i>",
        author_text="<u>three</u>",
        subjects=[SubjectFactory(name="<s>four</s>")],
        published_on="2020-01-01",
    )

    html = client.get("/").content.decode()

    for word in ("b&gt;One", "i&gt;two", "u&gt;three", "s&gt;four"):
        assert f"&lt;{word}" in html
    assert not re.search("<[bius]>(?:One|two|three|four)", html)


def test_a_page_that_is_being_written_shows_the_topics_that_are_chosen_now(rf, db):
    article = ArticlePage.objects.get(pk=ArticleFactory().pk)
    article.subjects = [SubjectFactory(name="Grief")]
    request = rf.get("/")
    request.user = AnonymousUser()

    assert [subject.name for subject in article.get_context(request)["subjects"]] == ["Grief"]
