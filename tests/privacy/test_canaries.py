"""What a hidden group is, has and says, looked for in everything that people outside of it can fetch."""

import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from addresses import own_patterns, plain_names
from django.contrib.auth.models import Group as StaffGroup
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from community.discussions import following, forums, posting
from community.discussions.models import Post, Topic, TopicMark
from community.groups import membership
from community.groups.models import Group, Membership
from community.members.models import User
from community.safety import reports
from community.safety.models import Report
from events import rsvp, scheduling
from events.models import Occurrence, Rsvp
from factories.discussions import make_topic
from factories.events import EventFactory, typed_event
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

CANARIES = {
    "name": "Brackenmoor",
    "slug": "hollowgate",
    "purpose": "Tamsinfold",
    "roster": "Vanterpool",
    "subject": "Peregrath",
    "post": "Lindisquay",
    "answer": "Umberwick",
    "title": "Marrowthorne",
    "summary": "Quenbury",
    "town": "Ashcombey",
    "venue": "Sallowmere",
    "address": "Drovelane",
    "link": "gossamerlock",
}
WORDS = re.compile("|".join(CANARIES.values()), re.IGNORECASE)

# Names of addresses that nobody fetches here, each with its reason.
UNVISITED = {
    "core:file": "files have no group; who reads which is in tests/core/test_files.py",
    "articles:article": "pages have no group",
    "articles:topic": "pages have no group",
    "learning:listing": "pages have no group",
    "notices:dev-mail": "the letterbox is on a developer's machine alone, and 404 here",
    "notices:dev-mail-message": "as above",
}


@dataclass
class Secret:
    """A hidden group with a thread, a meeting and three people: one leads it, one is in it, one has left."""

    group: Group
    leader: User
    insider: User
    former: User
    topic: Topic
    answer: Post
    meeting: Occurrence
    arguments: dict[str, dict] = field(default_factory=dict)


@pytest.fixture
def secret(db):
    group = GroupFactory(
        hidden=True, name="Brackenmoor circle", slug="hollowgate", purpose="Tamsinfold, in confidence."
    )
    leader = MembershipFactory(
        group=group, facilitator=True, user__hidden=True, user__display_name="Oriel Vanterpool"
    ).user
    insider, former = UserFactory(practitioner=True, hidden=True), UserFactory(practitioner=True)
    for person in (insider, former):
        membership.add(group, person)
    forum = forums.forum_for_group(group)
    topic = make_topic(forum, by=leader, subject="Peregrath again", body="It began in Lindisquay.")
    answer = posting.reply(topic, by=former, body="As in Umberwick.")
    event = EventFactory(
        by=leader,
        group=group,
        audience="group",
        kind="case_consultation",
        mode="hybrid",
        title="Marrowthorne evening",
        summary="Quenbury.",
        town="Ashcombey",
        venue="Sallowmere House",
        address="9 Drovelane",
        online_link="https://meet.example.org/gossamerlock",
    )
    meeting = event.occurrences.get()
    for person in (insider, former):
        rsvp.rsvp(meeting, by=person)
    membership.leave(group, by=former)
    found = Secret(group, leader, insider, former, topic, answer, meeting)
    in_forum = {"forum_slug": forum.slug}
    in_topic = in_forum | {"topic_id": topic.pk, "slug": "x"}
    on_day = {"event_id": event.pk, "slug": "x", "day": meeting.original_date}
    found.arguments = {
        "members:person": {"pk": leader.pk},
        "members:block": {"pk": leader.pk},
        "members:unblock": {"pk": leader.pk},
        "safety:report": {"kind": "post", "target_id": answer.pk},
        "safety:close": {"pk": 1},
        "discussions:group": {"slug": group.slug},
        "discussions:post": {"post_id": answer.pk},
        "discussions:edit": {"post_id": answer.pk},
        "discussions:unfollow": {"token": following.unfollow_token(topic.pk, leader.pk)},
        "discussions:forum": in_forum,
        "discussions:mark-read": in_forum,
        "discussions:new": in_forum,
        "discussions:topic": in_topic,
        "discussions:reply": in_topic,
        "discussions:follow": in_topic,
        "groups:group": {"slug": group.slug},
        "groups:join": {"slug": group.slug},
        "groups:leave": {"slug": group.slug},
        "events:month": {"month": f"{meeting.local_date:%Y-%m}"},
        "events:event": {"event_id": event.pk, "slug": "x"},
        "events:occurrence": on_day,
        "events:calendar-file": on_day,
        "events:edit": {"event_id": event.pk},
        **{f"events:{name}": {"pk": meeting.pk} for name in ("go", "not-go", "join", "roster", "cancel")},
        "portal:skip-step": {"step": "zone"},
    }
    return found


def staff(role: str) -> User:
    user = UserFactory(staff=True, practitioner=True)
    user.groups.add(StaffGroup.objects.get(name=role))
    return user


def moderator() -> User:
    user = staff("Moderators")
    user.user_permissions.add(Permission.objects.get(codename="moderate", content_type__app_label="safety"))
    return user


def lapsed_insider(secret: Secret) -> User:
    user = MembershipFactory(group=secret.group).user
    User.objects.filter(pk=user.pk).update(standing="lapsed")
    return user


OUTSIDERS = {
    "visitor": lambda secret: None,
    "applicant": lambda secret: UserFactory(applicant=True),
    "lapsed member of the group": lapsed_insider,
    "member": lambda secret: UserFactory(practitioner=True),
    "former member of the group": lambda secret: secret.former,
    "leader of another group": lambda secret: MembershipFactory(group__hidden=True, facilitator=True).user,
    "editor": lambda secret: staff("Editors"),
    "moderator": lambda secret: moderator(),
    "superuser": lambda secret: UserFactory(superuser=True, practitioner=True),
}
ADMINS = ["editor", "moderator", "superuser"]


@pytest.fixture
def enter(client, secret):
    def come_in(who: str):
        person = OUTSIDERS[who](secret)
        if person:
            client.force_login(person)
        return client

    return come_in


def addresses(secret: Secret) -> list[str]:
    """Every address of our rooms, with the ids of the secret where it takes any, and searches for each canary."""
    own = own_patterns()
    found = [reverse(name, kwargs=secret.arguments.get(name, {})) for name in own if name not in UNVISITED]
    for word in (*CANARIES.values(), "meet.example.org"):
        found += [f"/search/?q={word}", f"/search/?q={word}&kind=discussions", f"/people/?q={word}"]
    found += [
        f"/discussions/{secret.topic.forum.slug}/{secret.topic.pk}-x/reply/?quote={secret.answer.pk}",
        f"/events/?from={secret.meeting.local_date}&kind=case_consultation",
        f"/events/?mine=1&after={timezone.now():%Y-%m-%dT%H:%M:%SZ},1",
        f"/events/new/?group={secret.group.slug}",
        "/groups/?kind=consultation",
    ]
    return found


def told(response, typed: str) -> set[str]:
    """The canaries in what came back, beyond those that stood in the address that was typed."""
    text = response.getvalue().decode(errors="replace") + "".join(
        f"{name}: {value}" for name, value in response.items()
    )
    text = text.replace("\r\n ", "")  # calendar files fold their lines
    said = {word.lower() for word in WORDS.findall(text)}
    return said - {word.lower() for word in WORDS.findall(typed)}


def test_every_address_is_visited_or_has_a_reason(secret):
    own = own_patterns()
    taking = {name for name, pattern in own.items() if pattern.pattern.regex.groups}

    assert own.keys() >= UNVISITED.keys() | secret.arguments.keys()
    assert taking <= UNVISITED.keys() | secret.arguments.keys()


def test_those_inside_find_all_of_it(client, secret):
    client.force_login(secret.insider)

    found = set().union(*(told(client.get(path), "") for path in addresses(secret)))

    assert found == {word.lower() for word in CANARIES.values()}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_is_shown_any_of_it(enter, secret, who):
    client = enter(who)

    leaks = {path: hits for path in addresses(secret) if (hits := told(client.get(path), path))}

    assert leaks == {}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_changes_any_of_it(enter, secret, who):
    client = enter(who)

    def state():
        rows = (Membership.objects.filter(group=secret.group), Rsvp.objects.all(), TopicMark.objects.all())
        return [
            Post.objects.count(),
            Topic.objects.count(),
            Report.objects.count(),
            *(list(row.values()) for row in rows),
        ]

    before, leaks = state(), {}
    form = typed_event(title="Theirs now") | {"subject": "Hello", "body": "Let me in.", "following": "yes"}
    form |= {"reason": "harm", "scope": "all", "outcome": "hidden"}
    for name in secret.arguments.keys() - {"members:block", "discussions:unfollow", "portal:skip-step"}:
        path = reverse(name, kwargs=secret.arguments[name])
        response = client.post(path, form)
        assert response.status_code in (302, 403, 404, 405), path
        assert response.status_code != 302 or response["Location"].startswith("/accounts/login/"), path
        if hits := told(response, path):
            leaks[path] = hits

    assert leaks == {}
    assert state() == before
    assert not Occurrence.objects.exclude(cancelled_at=None).exists()


@pytest.mark.parametrize("who", ADMINS)
def test_the_admin_does_not_know_of_it(enter, secret, who):
    client = enter(who)
    entry = next(each for each in get_resolver().url_patterns if "wagtail.admin.urls" in str(each.urlconf_name))
    paths = [reverse(name) for name in plain_names(entry) if name != "wagtailadmin_error_test"]  # which is a 500
    rows = {
        "circles": secret.group.pk,
        "meetings": secret.meeting.event_id,
        "forums": secret.topic.forum_id,
    }
    for viewset, pk in rows.items():
        for action in ("edit", "delete", "history", "usage", "inspect", "copy"):
            try:
                paths.append(reverse(f"{viewset}:{action}", args=[pk]))
            except NoReverseMatch:
                continue
    for word in CANARIES.values():
        paths += [f"/admin/{viewset}/?q={word}" for viewset in rows]
        paths += [f"/admin/pages/search/?q={word}", f"/admin/person_chooser/results/?q={word}"]
    paths += [f"/admin/person_chooser/chosen/{secret.leader.pk}/"]
    paths += [f"/admin/person_chooser/chosen-multiple/?id={secret.leader.pk}"]

    leaks = {}
    for path in paths:
        hits = told(client.get(path), path)
        if who == "superuser" and path.startswith("/admin/users/"):
            hits -= {"vanterpool"}  # who looks after accounts knows the people, and not where they meet
        if hits:
            leaks[path] = hits

    assert leaks == {}


def test_a_report_discloses_one_post_and_no_more(client, secret):
    watching = moderator()
    reports.report("post", secret.answer.pk, by=secret.insider, reason="harm")
    client.force_login(watching)

    response = client.get("/moderation/")

    assert told(response, "") == {"umberwick"}


def test_no_letter_reaches_anybody_outside(secret, run_jobs):
    inside = {secret.leader.email, secret.insider.email}
    run_jobs()
    mail.outbox.clear()
    TopicMark.objects.filter(user=secret.former).update(following=True)
    lapsed = lapsed_insider(secret)
    following.follow(secret.topic, by=lapsed)
    event = secret.meeting.event

    posting.reply(secret.topic, by=secret.insider, body="And in Lindisquay once more.")
    event.venue = "Sallowmere Annex"
    scheduling.change_event(event, by=secret.leader)
    scheduling.cancel_event(event, by=secret.leader)
    run_jobs()

    assert mail.outbox
    assert {address for letter in mail.outbox for address in letter.to} <= inside
    assert not any(WORDS.search(letter.subject) for letter in mail.outbox)


def test_a_day_of_theirs_is_like_any_other_to_a_visitor(client, secret):
    """The same page for an event that is not for them and for one that never was, to the byte."""
    never = reverse("events:occurrence", kwargs={"event_id": 987654, "slug": "x", "day": date(2026, 1, 5)})
    real = reverse("events:occurrence", kwargs=secret.arguments["events:occurrence"])

    one, other = client.get(real), client.get(never)

    assert one.status_code == other.status_code == 404
    assert one.content.decode().replace(real, "") == other.content.decode().replace(never, "")
