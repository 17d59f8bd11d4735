"""What collectstatic makes of the style sheets and modules, and how much of it a first visit transfers."""

import re

import pytest
from django.core.management import call_command
from django.template.loader import get_template
from django.test import override_settings

from core.storage import StaticStorage

BUDGET = 45_000  # bytes, Brotli


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder that collectstatic filled, once for this module: it takes some ten seconds."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "core.storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = StaticStorage(location=root, base_url="/static/")
        yield root, storage


def _of_first_visit(root, storage) -> dict[str, int]:
    """Hashed name and compressed size of what components/head.html asks for, and what the modules import in turn."""
    source = get_template("components/head.html").template.source
    names = [storage.stored_name(name) for name in re.findall(r'{% static "([^"]+\.(?:css|js))" %}', source)]
    for name in names:
        if name.startswith("js/"):
            names += [f"js/{other}" for other in re.findall(r'import\s*"\./([^"]+)"', (root / name).read_text())]
    sizes = {}
    for name in names:
        compressed = root / (name + ".br")
        sizes[name] = (compressed if compressed.exists() else root / name).stat().st_size
    return sizes


def test_first_visit_transfers_little(collected):
    sizes = _of_first_visit(*collected)

    print(sizes, sum(sizes.values()))  # noqa: T201 - shown with -s: the measure is worth reading
    assert any(name.startswith("django_htmx/") for name in sizes)
    assert sum(sizes.values()) <= BUDGET


def test_style_sheets_are_one_file_with_its_layers(collected):
    root, storage = collected

    css = (root / storage.stored_name("css/site.css")).read_text()

    assert "@import" not in css
    assert css.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert "@layer tokens {" in css
    assert "url(" not in css  # an address inside would be relative to the wrong folder
    assert css.count("{") == css.count("}")


def test_modules_import_each_other_by_hashed_names(collected):
    root, storage = collected

    entry = (root / storage.stored_name("js/site.js")).read_text()
    imported = re.findall(r'import\s*"\./([^"]+)"', entry)

    assert imported
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) and (root / "js" / name).exists() for name in imported)


def test_collecting_again_changes_nothing(collected):
    root, _ = collected
    before = {path.relative_to(root): path.stat().st_size for path in root.rglob("*") if path.is_file()}

    call_command("collectstatic", interactive=False, verbosity=0)

    after = {path.relative_to(root): path.stat().st_size for path in root.rglob("*") if path.is_file()}
    assert after == before
