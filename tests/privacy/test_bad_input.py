"""Nonsense in every part of every address and in every field: a 4xx or the form again, never a fault of ours."""

from urllib.parse import quote

import pytest
from addresses import own_patterns
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from community.discussions import drafts, feeds, forums, places
from community.groups import invitations
from community.groups.models import GroupFile
from community.members import blocks, secret_addresses
from community.notices import envelope
from community.safety import appeals, reports, sanctions
from community.safety.models import Decision
from factories import attachments
from factories.articles import ArticleFactory
from factories.discussions import make_topic
from factories.events import EventFactory
from factories.files import keep, photograph
from factories.groups import MembershipFactory
from factories.learning import ListingFactory
from factories.members import UserFactory, as_moderator

HUGE = "9" * 40
NASTY = {
    "a NUL": "a\x00b",
    "nothing": "",
    "a negative number": "-1",
    "a number beyond the database": HUGE,
    "a number beyond Python": "9" * 5000,
    "not a finite number": "NaN",
    "an exponent": "1e400",
    "digits that are not ASCII": "٣",
    "a year that cannot be": "0000-00-00",
    "a year that nobody sees": "9999-12-31",
    "a moment at the edge": "0001-01-01T00:00:00+23:59,1",
    "markup and templates": "<script>alert(1)</script>{{ 7|add:7 }}{% now 'Y' %}",
    "SQL": "'; DROP TABLE members_user; --",
    "a search of operators": "\"-- & | ! <-> :* ( ' \\",
    "the path upwards": "../../../../etc/passwd",
    "header lines": "x\r\nSet-Cookie: a=b\r\n\r\n",
    "turned writing": "\u202egnp.exe\u2066\ufeff\u200b",
    "beyond the first plane": "\U0001f9e0\U0010ffff\ufdd0",
    "a long word": "x" * 6000,
    "many words": "y " * 12_000,
}
IN_A_PATH = [
    "a NUL",
    "a negative number",
    "a number beyond the database",
    "a number beyond Python",
    "digits that are not ASCII",
    "a year that cannot be",
    "a year that nobody sees",
    "the path upwards",
    "header lines",
    "turned writing",
    "a long word",
]
BYTES = {"half a surrogate": "%ED%A0%80", "no UTF-8": "%FF%FE%C3%28", "too long a form": "%C0%80"}

IN_ADDRESSES = """
    q page kind mode from after before mine going ce next quote group region discipline format topic credit when v
    starts_on starts_time repeats repeats_until repeats_count by forum tag since until order place
""".split()  # noqa: SIM905 - a list of 40 strings is harder to read
IN_FORMS = """
    subject body quoting based_on written_for following quiet next reason words outcome scope preview time_zone
    interests display_name pronouns discipline credentials licence_jurisdiction licence_number city region bio
    hidden title group kind audience summary description starts_on starts_time minutes repeats repeats_until
    repeats_count mode town venue address access_notes online_link capacity ce_hours hosts login email password
    password1 accept answer addresses uses_allowed days replace as_it_is place
    draft_version save_draft discard until
""".split()  # noqa: SIM905 - a list of 40 strings is harder to read
ASKED = [
    *("/people/?q", "/people/?page", "/people/?region", "/groups/?page", "/articles/?page"),
    *("/events/?from", "/events/?after", "/events/new/?group"),
    *("/learning/?page", "/learning/?topic", "/search/?q", "/search/?q=fees&kind=discussions&page"),
    *(f"/discussions/search/?{name}" for name in ("q", "by", "forum", "since", "tag")),
    *(f"/discussions/search/?q=fees&{name}" for name in ("before", "order=relevance&page")),
]
DOORS = ["account_login", "account_signup", "account_reset_password", "account_email", "account_change_password"]


@pytest.fixture
def everything(client, db, settings):
    """Somebody whom every door is open to, and for each pattern the arguments of something that is there."""
    settings.ACCOUNT_RATE_LIMITS = False
    client.raise_request_exception = False
    person = UserFactory(superuser=True, practitioner=True, confirmed=True)
    group = MembershipFactory(user=person, facilitator=True, group__hidden=True).group
    file = keep(group, person)
    asked = group.requests.create(user=UserFactory())
    link = invitations.make_link(group, by=person, uses_allowed=1, days=14)
    topic = make_topic(forums.forum_for_group(group), by=person)
    draft = drafts.save(places.in_topic(topic), by=person, body="Half a sentence", based_on="")
    clip = attachments.put(places.in_topic(topic), person)
    other = make_topic(by=UserFactory())
    report = reports.report("post", other.first_post_id, by=UserFactory(), reason="harm")
    moderator = as_moderator(UserFactory())
    sanction = sanctions.impose(other.poster, "remove", by=person, words="Why.")
    sanctions.impose(person, "warn", by=moderator, words="Why.")
    decision = Decision.objects.get(person=person)
    appeal = appeals.appeal(Decision.objects.get(person=other.poster), by=other.poster, words="Please.")
    event = EventFactory(by=person, group=group, audience="group", repeats="weekly", count=3, capacity=1)
    meeting = event.occurrences.order_by("starts_at").first()
    blocks.block(other.poster, by=person)
    client.force_login(person)
    in_topic = {"forum_slug": topic.forum.slug, "topic_id": topic.pk, "slug": topic.slug}
    of_feed = {"key": secret_addresses.make(feeds.PURPOSE, by=person), "forum_id": topic.forum_id}
    return {
        "members:": {"pk": other.poster_id, "purpose": feeds.PURPOSE},
        "safety:report": {"kind": "post", "target_id": other.first_post_id},
        "safety:": {"kind": "post", "target_id": other.first_post_id, "pk": report.pk},
        "safety:decision": {"pk": decision.pk},
        "safety:appeal": {"pk": appeal.pk},
        "safety:person": {"pk": other.poster_id},
        "safety:lift": {"pk": other.poster_id, "sanction_id": sanction.pk},
        "discussions:": {"post_id": topic.first_post_id, "draft_id": draft.pk, "pk": clip.pk} | in_topic | of_feed,
        "groups:": {"slug": group.slug, "pk": MembershipFactory(group=group).pk, "token": invitations.token(link)},
        "groups:approve": {"slug": group.slug, "pk": asked.pk},
        "groups:decline": {"slug": group.slug, "pk": asked.pk},
        "groups:revoke": {"slug": group.slug, "pk": link.pk},
        "groups:file": {"slug": group.slug, "pk": file.pk},
        "groups:remove_file": {"slug": group.slug, "pk": file.pk},
        "discussions:group": {"slug": group.slug},
        "discussions:group-new": {"slug": group.slug},
        "events:": {"pk": meeting.pk, "event_id": event.pk, "slug": event.slug, "day": meeting.original_date}
        | {"month": f"{meeting.local_date:%Y-%m}"},
        "learning:": {"slug": ListingFactory().slug},
        "articles:": {"slug": ArticleFactory().slug},
        "articles:topic": {"slug": "trauma"},
        "core:": {"name": "pictures/none.webp"},
        "portal:": {"step": "zone"},
        "discussions:watch-tag": {"slug": "trauma"},
        "notices:": {"name": "none", "token": envelope.stop_token("reply", topic.first_post_id, person.pk)},
    }


def real_address(everything: dict, name: str, pattern) -> str:
    """The address of something that is there."""
    known = everything.get(name) or everything.get(f"{name.split(':')[0]}:", {})
    return reverse(name, kwargs={key: known[key] for key in pattern.pattern.converters})


def test_every_pattern_has_an_address(everything):
    for name, pattern in own_patterns().items():
        assert real_address(everything, name, pattern)


@pytest.mark.parametrize("what", [*IN_A_PATH, *BYTES])
def test_nonsense_in_a_part_of_an_address(client, everything, what):
    part = BYTES.get(what) or quote(NASTY[what][:6000], safe="")
    for name, pattern in own_patterns().items():
        for key in pattern.pattern.converters:
            path = real_address(everything, name, pattern)
            known = everything.get(name) or everything[f"{name.split(':')[0]}:"]
            path = path.replace(f"{known[key]}", part, 1)
            assert client.get(path).status_code < 500, (name, key)


@pytest.mark.parametrize("what", ["a NUL", "a number beyond the database", "half a surrogate"])
def test_nonsense_in_the_query_of_any_address(client, everything, what):
    part = BYTES.get(what) or quote(NASTY[what], safe="")
    query = "&".join(f"{name}={part}" for name in IN_ADDRESSES)
    for name, pattern in own_patterns().items():
        path = real_address(everything, name, pattern)
        assert client.get(f"{path}?{query}").status_code < 500, name


@pytest.mark.parametrize("address", ASKED)
def test_one_nonsense_in_a_query(client, everything, address):
    """Alone, so that no other field stops the page before this one is looked at."""
    for value in (*map(quote, NASTY.values()), *BYTES.values()):
        assert client.get(f"{address}={value[:6000]}").status_code < 500, value[:60]


@pytest.mark.parametrize("what", NASTY)
def test_nonsense_in_every_field_of_a_form(client, everything, what):
    form = dict.fromkeys(IN_FORMS, NASTY[what])
    places = [real_address(everything, name, pattern) for name, pattern in own_patterns().items()]
    for path in [*places, *map(reverse, DOORS)]:
        assert client.post(path, form).status_code < 500, path
    picture = named_file(NASTY[what])
    assert client.post(reverse("members:profile"), form | {"picture": picture}).status_code < 500


@pytest.mark.parametrize("what", NASTY)
def test_nonsense_as_the_name_of_a_groups_file(client, everything, what):
    files = reverse("groups:files", args=[everything["groups:"]["slug"]])
    for content in (b"<svg onload='alert(1)'/>", photograph((40, 20))):
        for name in (NASTY[what], ""):
            sent = {"file": named_file(NASTY[what], content), "name": name}
            assert client.post(files, sent).status_code < 500
    assert client.get(files).status_code == 200
    for file in GroupFile.objects.all():
        assert client.get(file.get_absolute_url()).getvalue()


def named_file(name: str, content: bytes = b"<svg onload='alert(1)'/>"):
    return SimpleUploadedFile((name.strip("./\x00 ") or "x")[:200] + ".png", content, "image/png")
