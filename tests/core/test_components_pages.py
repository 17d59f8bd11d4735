"""The frame of every page, and the style guide."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from factories.members import UserFactory

TEMPLATES = settings.ROOT / "templates"
ASSETS = settings.ROOT / "site" / "core" / "assets"


@pytest.fixture
def page(db, client) -> str:
    return client.get("/styleguide/").content.decode()


def test_style_guide_is_only_there_where_settings_say_so(db, client, settings):
    assert client.get("/styleguide/").status_code == 200

    settings.STYLEGUIDE = False

    assert client.get("/styleguide/").status_code == 404
    assert client.post("/styleguide/").status_code == 405


def test_page_has_its_landmarks_and_one_heading(page):
    assert page.count("<main ") == 1
    assert page.count("<h1") == 1
    assert page.index('href="#main"') < page.index('class="site-header"')
    assert 'role="status"' in page
    assert len(re.findall(r"<nav [^>]*aria-label=", page)) == len(re.findall(r"<nav ", page))


def test_page_has_nothing_inline(page):
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


def test_page_ids_are_unique(page):
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert len(ids) == len(set(ids))


def test_page_gives_a_visitor_no_cookie(db, client):
    response = client.get("/styleguide/")

    assert not response.cookies


def test_header_offers_a_visitor_the_door_and_a_member_their_menu(db, client):
    visitor = client.get("/styleguide/").content.decode()
    client.force_login(UserFactory(display_name="Maren Aldous"))
    member = client.get("/styleguide/").content.decode()

    assert 'href="/accounts/login/"' in visitor
    assert 'action="/accounts/logout/"' not in visitor
    assert 'href="/accounts/login/"' not in member
    assert 'action="/accounts/logout/"' in member
    assert "Menu of Maren Aldous" in member
    assert 'href="/admin/"' not in member


def test_frame_of_a_page_costs_a_member_three_queries(db, client, django_assert_num_queries):
    client.force_login(UserFactory())

    with django_assert_num_queries(3):  # session, person, association
        client.get("/styleguide/")


def _templates_of_pages() -> list[Path]:
    """Ours, without those that mail clients or the Wagtail admin show."""
    return [
        path
        for path in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.jinja")])
        if not {"mail", "email", "admin"} & set(path.relative_to(TEMPLATES).parts)
    ]


@pytest.mark.parametrize("path", _templates_of_pages(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_has_nothing_inline(path):
    text = path.read_text()

    assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=\"|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", text)


@pytest.mark.parametrize("path", sorted((ASSETS / "css" / "components").glob("*.css")), ids=lambda path: path.stem)
def test_style_sheet_of_a_component_is_in_its_layer_and_is_imported(path):
    site = (ASSETS / "css" / "site.css").read_text()

    assert path.read_text().startswith("@layer components {")
    assert f'@import url("components/{path.name}");' in site


def test_raw_colours_stand_in_the_token_file_alone():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ASSETS / "css").rglob("*.css"))
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if raw.search(line)
    ]

    assert found == []


def test_every_custom_property_that_is_used_is_defined():
    texts = {path: path.read_text() for path in (ASSETS / "css").rglob("*.css")}
    defined = {name for text in texts.values() for name in re.findall(r"(--[\w-]+)\s*:", text)}

    missing = {f"{path.name}: {name}" for path, text in texts.items() for name in re.findall(r"var\((--[\w-]+)", text)}

    assert {entry for entry in missing if entry.split(": ")[1] not in defined} == set()
