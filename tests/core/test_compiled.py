"""Fragments in Jinja2: they write what the other language writes, see what they are given, and fail loudly."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import jinja2
import pytest
from django.conf import settings
from django.core.management.commands.makemessages import TranslatableFile
from django.template import TemplateDoesNotExist, TemplateSyntaxError, VariableDoesNotExist, engines
from django.test import RequestFactory, override_settings
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from jinja2 import meta, nodes

from core.management.commands.makemessages import BuildFile
from factories.members import UserFactory

HOSTILE = "</p><script>alert('x & \"y\"')</script>"
MOMENT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
TEMPLATES = Path(settings.ROOT) / "templates"
FRAGMENTS = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.jinja"))
USE = re.compile(r'{%\s*compiled\s+"(?P<name>[^"]+)"(?P<values>(?:\s+\w+=(?:"[^"]*"|[^\s%])+)*)\s*%}')


def fragment(source: str, **values) -> str:
    return engines["jinja2"].from_string(source).render(values)


def django(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """`written("x.jinja", "…")` puts a fragment where `{% compiled %}` finds it."""
    loader = engines["jinja2"].env.loader
    monkeypatch.setattr(loader, "searchpath", [*loader.searchpath, str(tmp_path)])
    monkeypatch.setattr(engines["jinja2"].env, "cache", {})
    return lambda name, source: (tmp_path / name).write_text(source)


# What it writes


@pytest.mark.parametrize(
    "source",
    [
        "{{ name }}",
        "{{ _('added by %(name)s', name=name) }}",
        "{{ ngettext('%(count)s reply to %(name)s', '%(count)s replies to %(name)s', 2, name=name) }}",
        "{{ name|linebreaksbr }}",
        "{% set said %}{{ name }}{% endset %}{{ said }}",
        '{% for it in [name] %}<p title="{{ it }}">{% endfor %}',
        "{{ csrf_field(name) }}",
    ],
)
def test_what_people_write_is_escaped(source):
    html = fragment(source, name=HOSTILE)

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert '"y"' not in html


def test_what_is_safe_in_one_language_is_safe_in_the_other():
    assert fragment("{{ it }}", it=mark_safe("<b>x</b>")) == "<b>x</b>"


def test_hostile_names_are_escaped_in_components():
    user = UserFactory.build(pk=7, display_name="< >")

    assert "<<" not in fragment("{{ avatar(user) }}{{ avatars([user]) }}", user=user)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("{{ icon('lock') }}", "{% icon 'lock' %}"),
        ("{{ icon('lock', 16) }}", "{% icon 'lock' 16 %}"),
        ("{{ avatar(plain) }}", "{% avatar plain %}"),
        ("{{ avatar(pictured, 'l') }}", "{% avatar pictured 'l' %}"),
        ("{{ avatar(None, 's') }}", "{% avatar None 's' %}"),
        ("{{ avatars([plain, pictured], 9) }}", "{% avatars people 9 %}"),
        ("{{ date_tile(at) }}", "{% date_tile at %}"),
        ("{{ at|iso }}", "{{ at|iso }}"),
        ("{{ at|date }}", "{{ at|date }}"),
        ("{{ at|date('DATETIME_FORMAT') }}", "{{ at|date:'DATETIME_FORMAT' }}"),
        ("{{ at|time }}", "{{ at|time }}"),
        ("{{ at|ago }}", "{% load discussions %}{{ at|ago }}"),
        ("{{ words|linebreaksbr }}", "{{ words|linebreaksbr }}"),
        ("{{ url('groups:list') }}", "{% url 'groups:list' %}"),
        ("{{ url('groups:group', 'a-b') }}", "{% url 'groups:group' 'a-b' %}"),
        ("{{ csrf_field(token) }}", "{% csrf_token %}"),
        ("{{ _('Password') }}", "{% load i18n %}{% translate 'Password' %}"),
        ("{{ None }}{{ 1234 }}{{ True }}", "{{ nothing }}{{ number }}{{ flag }}"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
@pytest.mark.parametrize("language", ["en-us", "fr"])
def test_it_writes_what_djangos_language_writes(ours, theirs, zone, language):
    plain = UserFactory.build(pk=27, display_name="Maren Aldous")
    pictured = UserFactory.build(pk=28, picture="pictures/a.webp")
    values = {
        "plain": plain,
        "pictured": pictured,
        "people": [plain, pictured],
        "at": MOMENT,
        "words": "One & two\nthree",
        "token": "abc",
        "csrf_token": "abc",
        "nothing": None,
        "number": 1234,
        "flag": True,
    }

    with timezone.override(zone), translation.override(language):
        # An apostrophe is the one character that they escape differently, to the same end.
        assert fragment(ours, **values).replace("&#39;", "&#x27;") == django(theirs, **values)


def test_sentences_follow_the_language_of_the_reader():
    source = "{{ _('Yes') }} {{ ngettext('%(num)d minute', '%(num)d minutes', 2, num=2) }}"

    said = []
    for language in ["en-us", "fr", "de", "en-us"]:
        with translation.override(language):
            said.append(fragment(source).replace("\xa0", " "))

    assert said == ["Yes 2 minutes", "Oui 2 minutes", "Ja 2 Minuten", "Yes 2 minutes"]


def test_a_sentence_without_values_keeps_its_percent_sign():
    assert fragment("{{ _('100% yours') }}") == "100% yours"


def test_moments_are_told_in_the_zone_of_the_reader_each_time():
    told = []
    for zone in ["UTC", "Europe/Berlin", "UTC"]:
        with timezone.override(zone):
            told.append(fragment("{{ at|iso }} {{ at|date('j M') }}", at=MOMENT))

    assert told == [
        "2026-12-31T23:30:00+00:00 31 Dec",
        "2027-01-01T00:30:00+01:00 1 Jan",
        "2026-12-31T23:30:00+00:00 31 Dec",
    ]


def test_addresses_stand_below_where_the_site_stands():
    source = "{{ url('groups:list') }}"

    first = fragment(source)
    with override_script_prefix("/below/"):
        below = fragment(source)

    assert [first, below, fragment(source)] == ["/groups/", "/below/groups/", "/groups/"]


# What it sees


def test_it_sees_what_is_written_and_nothing_around_it(written):
    written(
        "one.jinja", "{{ mine }}{% if other is defined or request is defined or user is defined %}Canary{% endif %}"
    )
    template = engines["django"].from_string('{% compiled "one.jinja" mine=it.name %}')

    assert template.render({"it": {"name": "A"}, "other": 1, "user": 2}, RequestFactory().get("/")) == "A"


def test_what_it_is_given_once_is_not_there_the_next_time(written):
    written("one.jinja", "{{ 'Canary' if extra is defined else '' }}")

    assert django('{% compiled "one.jinja" extra=1 %}') == "Canary"
    assert django('{% compiled "one.jinja" %}') == ""


def test_it_is_compiled_once(written, monkeypatch):
    env = engines["jinja2"].env
    compiled = []
    monkeypatch.setattr(
        env, "compile", lambda *args, **more: compiled.append(1) or type(env).compile(env, *args, **more)
    )
    written("one.jinja", "{{ it }}")

    assert [django('{% compiled "one.jinja" it=it %}', it=number) for number in (1, 2, 3)] == ["1", "2", "3"]
    assert len(compiled) == 1


# What it refuses


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ it.missing }}", "{% if missing %}{% endif %}", "{{ missing() }}"]
)
def test_a_name_that_is_missing_in_the_fragment_is_an_error(source):
    with pytest.raises((jinja2.UndefinedError, AttributeError)):
        fragment(source, it=UserFactory.build())


def test_debugging_is_no_less_strict():
    with override_settings(DEBUG=True):
        fresh = type(engines["jinja2"])(
            {"NAME": "fresh", "DIRS": [], "APP_DIRS": False, "OPTIONS": {"environment": "core.jinja.environment"}}
        )

    assert fresh.env.undefined is jinja2.StrictUndefined
    assert fresh.env.autoescape is True


@pytest.mark.parametrize("value", ["missing", "it.missing"])
def test_a_name_that_is_missing_where_it_is_handed_on_is_an_error(written, value):
    written("one.jinja", "{{ it }}")

    with pytest.raises(VariableDoesNotExist):
        django(f'{{% compiled "one.jinja" it={value} %}}', it={})
    assert django(f'{{% compiled "one.jinja" it={value}|default:"none" %}}', it={}) == "none"


def test_a_value_that_a_sentence_lacks_is_an_error():
    with pytest.raises(KeyError):
        fragment("{{ _('by %(name)s', nam='x') }}")


def test_an_address_that_is_not_there_is_an_error():
    with pytest.raises(NoReverseMatch):
        fragment("{{ url('groups:nowhere') }}")


@pytest.mark.parametrize("tag", ["compiled", "compiled name", 'compiled "a.jinja" it', 'compiled "a.jinja" it=1 2'])
def test_the_tag_takes_a_name_and_named_values(tag):
    with pytest.raises(TemplateSyntaxError):
        django(f"{{% {tag} %}}")


def test_templates_of_the_other_language_are_not_taken_for_fragments():
    with pytest.raises(TemplateDoesNotExist):
        django('{% compiled "components/rings.html" %}')


# What we have


@pytest.mark.parametrize("name", FRAGMENTS)
def test_fragment_compiles(name):
    engines["jinja2"].get_template(name)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_sentences_of_a_fragment_are_constants(name):
    """Others would not be found by makemessages, and what a person wrote would be kept as a sentence of ours."""
    calls = engines["jinja2"].env.parse((TEMPLATES / name).read_text()).find_all(nodes.Call)
    sentences = [call for call in calls if isinstance(call.node, nodes.Name) and call.node.name in ("_", "ngettext")]

    for call in sentences:
        assert all(isinstance(said, nodes.Const) for said in call.args[: 1 if call.node.name == "_" else 2])


def test_fragments_are_shown_by_their_tag_alone():
    named = re.compile(r"{%\s*(?!compiled\b)\w+\s[^%]*\.jinja")

    assert [str(path) for path in TEMPLATES.rglob("*.html") if named.search(path.read_text())] == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES.rglob("*.html") if "{% compiled" in path.read_text()], ids=str
)
def test_page_hands_a_fragment_what_it_asks_for(path):
    env = engines["jinja2"].env
    text = path.read_text()
    uses = list(USE.finditer(text))

    assert len(uses) == text.count("{% compiled")
    for use in uses:
        parsed = env.parse((TEMPLATES / use["name"]).read_text())
        own = {name.name for name in parsed.find_all(nodes.Name) if name.ctx == "store"}  # by {% set %}, {% for %}
        asked = meta.find_undeclared_variables(parsed) - env.globals.keys() - own
        assert set(re.findall(r"(\w+)=", use["values"])) == asked, use["name"]


def test_makemessages_finds_the_sentences_of_a_fragment(tmp_path):
    source = (
        "<p>\n{{ _('Don\\'t \"stop\"') }}</p>\n"
        "{% set reply = ngettext('%(count)s reply', '%(count)s replies', 3) %}{% if _('Yes') %}{{ _(it) }}{% endif %}"
    )
    (tmp_path / "_one.jinja").write_text(source)
    file = BuildFile(None, "django", TranslatableFile(str(tmp_path), "_one.jinja", None))

    file.preprocess()

    lines = Path(file.work_path).read_text().splitlines()
    calls = [[ast.unparse(call) for call in ast.parse(line.strip()).body] for line in lines]
    assert calls == [
        [],
        ["""_('Don\\'t "stop"')"""],
        ["ngettext('%(count)s reply', '%(count)s replies')", "_('Yes')"],
    ]
