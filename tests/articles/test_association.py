import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.template import Context, Template
from wagtail.models import Site

from core import branding
from core.models import Association
from factories.articles import ImageFactory
from factories.members import UserFactory


@pytest.fixture
def association(db):
    return Association.objects.create(
        site=Site.objects.get(is_default_site=True), name="Wayside Association", short_name="Wayside"
    )


def test_contrast_is_what_the_guidelines_say():
    assert branding.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert branding.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", ["#1c5b52", "#7A1F4D", "#000000", "#1f4e79"])
def test_a_dark_color_is_accepted(association, colour):
    association.accent = colour

    association.full_clean()


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ("#ffcc00", "too light"),
        ("#757575", "too light"),  # 4.61 on white, and 4.34 on the paper
        ("red", "six digits"),
        ("#12345", "six digits"),
        ("#1c5b5g", "six digits"),
        ("1c5b52#", "six digits"),
    ],
)
def test_a_color_that_cannot_be_read_is_refused_in_a_sentence(association, colour, words):
    association.accent = colour

    with pytest.raises(ValidationError) as caught:
        association.full_clean()

    assert words in caught.value.message_dict["accent"][0]


@pytest.mark.parametrize("colour", ["#1c5b52", "#000000", "#0000aa", "#8b0000", "#5c3d00"])
def test_the_shade_for_dark_mode_can_be_read_in_the_dark(colour):
    light = branding.lightened(colour)

    assert min(branding.contrast(light, dark) for dark in (branding.DARK_PAPER, branding.DARK_SURFACE)) >= 4.5


def test_without_a_color_no_page_asks_for_a_stylesheet(client, association):
    assert "brand.css" not in client.get("/").content.decode()
    assert client.get("/brand.css").content == b""


def test_the_color_comes_as_a_stylesheet_kept_until_it_changes(client, association):
    association.accent = "#7a1f4d"
    association.save()

    page = client.get("/").content.decode()
    response = client.get(f"/brand.css?v={association.brand_version}")
    stale = client.get("/brand.css?v=000000000000")

    assert f"/brand.css?v={association.brand_version}" in page
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "--spruce: light-dark(#7a1f4d, #" in response.content.decode()
    assert "immutable" in response["Cache-Control"]
    assert stale["Cache-Control"] == "no-cache"
    assert client.post("/brand.css").status_code == 405


def test_another_color_has_another_address(association):
    association.accent = "#7a1f4d"
    one = association.brand_version
    association.accent = "#1f4e79"

    assert one != association.brand_version


def test_a_page_asks_for_the_association_once_and_knows_of_a_save_at_once(association, rf, django_assert_num_queries):
    template = Template(
        "{% load association %}{% association as one %}{% association as two %}{{ one.title }}{{ two.logo_url }}"
    )

    with django_assert_num_queries(1):
        assert template.render(Context({"request": rf.get("/")})) == "Wayside"

    Association.objects.update(short_name="Wayfarers")
    assert template.render(Context({"request": rf.get("/")})) == "Wayfarers"


def test_a_logo_costs_no_query_of_its_own(association, django_assert_num_queries):
    association.logo = ImageFactory()
    association.save()
    assert Association.current().logo_url.startswith("/media/images/")  # this made the size that was missing

    with django_assert_num_queries(1):
        assert Association.current().logo_url.startswith("/media/images/")


def test_a_site_without_its_row_still_has_a_name(client, db, settings):
    settings.WAGTAIL_SITE_NAME = "Collegial"

    assert Association.current().title == "Collegial"
    assert "Collegial" in client.get("/articles/").content.decode()


def test_editors_do_not_change_the_association(client, association):
    editor = UserFactory(staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    address = f"/admin/settings/core/association/{association.site_id}/"

    client.force_login(editor)
    assert client.get(address).status_code == 302
    client.force_login(UserFactory(superuser=True))
    assert client.get(address).status_code == 200


def test_a_refused_color_keeps_what_was_typed(client, association):
    client.force_login(UserFactory(superuser=True))

    response = client.post(
        f"/admin/settings/core/association/{association.site_id}/",
        {"name": "Wayside", "short_name": "W", "accent": "#ffcc00", "currency_sign": "$"},
    )

    assert response.status_code == 200
    assert "This color is too light" in response.content.decode()
    assert 'value="#ffcc00"' in response.content.decode()
