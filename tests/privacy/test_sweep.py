"""What a hidden group is, has and says, looked for in everything that people outside of it can fetch."""

import json
import logging
from datetime import date, timedelta

import pytest
from addresses import Route, every_route, own_patterns
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from people import KNOWN, OUTSIDERS
from places import UNVISITED, arguments
from secret import CANARIES, Secret, kinds_in, told

from community.discussions import answering, following, posting, telling
from community.discussions.models import (
    Attachment,
    Draft,
    ForumWatch,
    Mention,
    Post,
    Reaction,
    SavedPost,
    Topic,
    TopicMark,
    TopicPollVote,
)
from community.groups import agreements, emergency, invitations, membership, requests
from community.groups.models import Group, Invitation, JoinRequest, Membership, Signature
from community.notices import digests, kinds, preferences
from community.notices.models import Mail
from community.safety import reports
from community.safety.models import Report
from config import logs
from events import rsvp, scheduling
from events.models import Occurrence, Rsvp
from factories.discussions import make_topic
from factories.events import EventFactory, typed_event
from factories.groups import glass_breaker, new_version, sign
from factories.members import UserFactory

# A link invites every member who holds it, and nobody else.
TO_WHOM_HOLDS_A_LINK = {"name", "purpose"}
STRANGERS = {"anonymous", "newcomer", "lapsed member of the group"}
MODERATE = {"moderator", "staff", "superuser"}
OWN = {"GET": {}, "HEAD": {}, "htmx": {"HTTP_HX_REQUEST": "true"}}


def is_admin(route: Route) -> bool:
    return route.path.startswith("admin/")


def addresses(secret: Secret) -> list[str]:
    """Every address but the admin's, with the ids of the secret where it takes any, and searches for each canary."""
    known = arguments(secret)
    routes = [route for route in every_route() if not is_admin(route) and route.name not in UNVISITED]
    found = [route.address(known.get(route.name, {})) for route in routes]
    for word in (*CANARIES.values(), "meet.example.org"):
        found += [f"/search/?q={word}", f"/search/?q={word}&kind=discussions", f"/people/?q={word}"]
        found += [f"/discussions/search/?q={word}", f"/discussions/search/?q={word}&order=relevance"]
        found += [f"/discussions/search/?by={word}", f"/discussions/search/?forum={word}"]
    found += [
        f"/discussions/{secret.topic.forum.slug}/{secret.topic.pk}-x/reply/?quote={secret.answer.pk}",
        *(f"/discussions/mentions/?place={place}&q={typed}" for place in places_of(secret) for typed in ("", "ori")),
        f"/events/?from={secret.meeting.local_date}&kind=case_consultation",
        f"/events/?mine=1&after={timezone.now():%Y-%m-%dT%H:%M:%SZ},1",
        f"/events/new/?group={secret.group.slug}",
        "/groups/?kind=consultation",
        f"/media/{secret.file.file.name}",
        f"/media/{secret.clip.file.name}",
        secret.topic.get_absolute_url(),  # by its slug, since another one leads here
    ]
    return found


def places_of(secret: Secret) -> list[str]:
    """How a composer names what is written in."""
    return [f"forum-{secret.topic.forum_id}", f"topic-{secret.topic.pk}", f"post-{secret.answer.pk}"]


def fetch(client, path: str, how: str):
    return client.head(path) if how == "HEAD" else client.get(path, **OWN[how])


def test_every_pattern_is_visited_or_has_a_reason(secret):
    taking = {route.name for route in every_route() if route.takes_any and not is_admin(route)}
    known = arguments(secret)

    assert taking - UNVISITED.keys() - known.keys() == set()
    assert own_patterns().keys() >= {
        name for name in known if name.split(":")[0] in ("groups", "discussions", "events")
    }


def test_those_inside_find_all_of_it(client, secret):
    found = set()
    for person in (secret.leader, secret.invited):
        client.force_login(person)
        found |= set().union(*(told(client.get(path), path) for path in addresses(secret)))

    assert found == CANARIES.keys()


@pytest.mark.parametrize("how", OWN)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_is_shown_any_of_it(enter, secret, who, how):
    client = enter(who)
    link = reverse("groups:invitation_link", kwargs=arguments(secret)["groups:invitation_link"])

    leaks = {}
    for path in addresses(secret):
        allowed = KNOWN.get(who, set()) | (TO_WHOM_HOLDS_A_LINK if path == link and who not in STRANGERS else set())
        if who in MODERATE and path.startswith("/moderation/people/"):
            allowed = allowed | {"roster"}  # a member by name, and not where they meet
        if hits := told(fetch(client, path, how), path) - allowed:
            leaks[path] = hits

    assert leaks == {}


def test_the_log_names_none_of_it(client, secret, caplog):
    caplog.set_level(logging.DEBUG)
    client.force_login(secret.leader)

    for path in addresses(secret):
        client.get(path)

    lines = [
        logs.formatter(as_json=True).format(record) for record in caplog.records if "procrastinate" not in record.name
    ]
    assert json.loads(lines[-1])["route"]
    assert kinds_in("\n".join(lines)) == set()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_changes_any_of_it(enter, secret, who):
    client = enter(who)

    def state():
        rows = (Membership, Signature, JoinRequest, Invitation, Rsvp, TopicMark, Group, Attachment, Draft)
        rows += (TopicPollVote, Reaction, SavedPost, ForumWatch)
        return [
            Post.objects.count(),
            Topic.objects.count(),
            Report.objects.count(),
            secret.group.files.count(),
            *(list(model.objects.order_by("pk").values()) for model in rows),
        ]

    before, leaks = state(), {}
    form = typed_event(title="Theirs now") | {"subject": "Hello", "body": "Let me in.", "following": "yes"}
    form |= {"answer": secret.topic.poll.options.first().pk, "alt": "Ours", "files": SimpleUploadedFile("x.txt", b"x")}
    form |= {"with": "yes", "helped": "yes", "saved": "yes", "watch": "follow"}
    form |= {"reason": "harm", "scope": "all", "outcome": "hidden", "words": "Please.", "edition": "0"}
    known = arguments(secret)
    theirs = {name for name in known if name.split(":")[0] in ("groups", "discussions", "events", "safety")}
    theirs -= {"discussions:watch-tag", "events:month", "groups:invitation_link"} | OWN_DOORS.get(who, set())
    for name in theirs:
        path = reverse(name, kwargs=known[name])
        response = client.post(path, form)
        # a moderator may speak to any member, inside a group or not: this form does not say how
        refused = (422,) if who in MODERATE and name == "safety:person" else (302, 403, 404, 405)
        assert response.status_code in refused, path
        assert response.status_code != 302 or response["Location"].startswith("/accounts/login/"), path
        allowed = KNOWN.get(who, set()) | ({"roster"} if response.status_code == 422 else set())  # whom they speak to
        if hits := told(response, path) - allowed:
            leaks[path] = hits

    assert leaks == {}
    assert state() == before
    assert not Occurrence.objects.exclude(cancelled_at=None).exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_writes_in_any_of_it(enter, secret, who):
    client = enter(who)
    before = list(Draft.objects.values())

    for place in [*places_of(secret), f"post-{secret.topic.first_post_id}"]:
        for path in ("/discussions/preview/", "/discussions/drafts/save/", "/discussions/file/"):
            response = client.post(path, {"place": place, "body": "@Oriel Vanterpool, let me in."})
            assert response.status_code in (302, 404), (path, place)
            assert told(response, "Oriel Vanterpool") == set()

    assert list(Draft.objects.values()) == before


# What those on the doorstep may do: they change their own standing before the group by it, and nothing else.
OWN_DOORS = {
    "pending": {"groups:withdraw"},
    "invited": {"groups:invitation", "groups:agreement", "groups:ask", "groups:withdraw"},
    "unsigned": {"groups:invitation", "groups:agreement", "groups:ask", "groups:withdraw", "groups:leave"},
}


def test_a_report_discloses_one_post_and_no_more(enter, secret):
    reports.report("post", secret.answer.pk, by=secret.leader, reason="harm")
    client = enter("moderator")

    response = client.get("/moderation/")

    assert told(response) == {"answer"}


def test_no_letter_reaches_anybody_outside(secret, run_jobs):
    inside = {secret.leader.email, secret.insider.email}
    run_jobs()
    mail.outbox.clear()
    TopicMark.objects.filter(user=secret.former).update(following=True)
    outside = [secret.former, OUTSIDERS["lapsed member of the group"](secret), secret.unsigned]
    for number, person in enumerate(outside):
        following.follow(secret.topic, by=person)
        ForumWatch.objects.create(forum=secret.topic.forum, user=person, watch="follow")
        preferences.choose(by=person, of_kinds=dict.fromkeys(TOLD, ("now", "daily", "weekly")[number]))
    event = secret.meeting.event

    post = posting.reply(secret.topic, by=secret.insider, body="And in Lindisquay once more.", quoting=secret.answer)
    Mention.objects.bulk_create([Mention(post=post, user=person, written="x") for person in outside])
    Post.objects.filter(pk=secret.answer.pk).update(helped_at=timezone.now())
    telling.that_it_helped(secret.answer)
    make_topic(secret.topic.forum, by=secret.insider, subject="Peregrath, another", body="In Lindisquay.")
    event.venue = "Sallowmere Annex"
    scheduling.change_event(event, by=secret.leader)
    scheduling.cancel_event(event, by=secret.leader)
    run_jobs()
    digests.send_due(now=a_week_later())
    run_jobs()

    assert mail.outbox
    assert {address for letter in mail.outbox for address in letter.to} <= inside
    assert not any(kinds_in(head_of(letter)) for letter in mail.outbox)


TOLD = ["mention", "quote", "reply", "watch", "helped"]


def a_week_later():
    """By day, in America, with a Monday in between."""
    return (timezone.now() + timedelta(days=8)).replace(hour=17)


def head_of(letter) -> str:
    return str(letter.message()).partition("\n\n")[0]


def test_letters_on_the_doorstep_say_no_more_than_the_doorstep(secret, run_jobs):
    run_jobs()
    outside = [
        letter
        for letter in mail.outbox
        if not {*letter.to} & {secret.leader.email, secret.insider.email, secret.former.email}
    ]

    assert outside
    for letter in outside:
        assert kinds_in(letter.subject) == set()
        assert kinds_in(letter.body + "".join(str(part) for part, _kind in letter.alternatives)) <= {"word"}


def test_no_letter_to_anybody_tells_what_it_is_about_in_any_part_of_it(secret, run_jobs):
    """Not in its links either. But for the signer's own copy of what they signed, and the words of who invites."""
    group, leader, insider, colleague = secret.group, secret.leader, secret.insider, secret.colleague
    asker, granter = glass_breaker(), glass_breaker()
    sign(group, colleague)
    membership.add(group, UserFactory(), by=leader)
    tell_of_posts_in_every_way(secret)
    run_jobs()
    digests.send_due(now=a_week_later())
    private = {"by": leader, "group": group, "audience": "group", "title": "Marrowthorne, small", "town": "Ashcombey"}
    small = EventFactory(capacity=1, **private)
    for person in (colleague, insider):
        rsvp.rsvp(small.occurrences.get(), by=person)
    emergency.ask(group, by=granter, reason="Harm in Lindisquay, again.")
    run_jobs()
    rsvp.cancel(small.occurrences.get(), by=colleague)
    event = secret.meeting.event
    event.venue = "Sallowmere Annex"
    scheduling.change_event(event, by=leader)
    requests.approve(secret.request, by=leader)
    invitations.accept(secret.letter, by=secret.invited)
    emergency.grant(emergency.ask(group, by=asker, reason="Harm in Lindisquay."), by=granter)
    run_jobs()
    scheduling.cancel_event(event, by=leader)
    run_jobs()
    agreements.write_addition(group, by=leader, body="And Wexcombe twice.")
    run_jobs()
    new_version("consultation")
    run_jobs()
    sign(group, leader)
    membership.remove(Membership.objects.get(group=group, user=insider), by=leader, reason="It ended.")
    run_jobs()

    sent = set(Mail.objects.filter(state=Mail.State.SENT).values_list("kind", flat=True))
    rooms = ("groups/", "events/", "discussions/", "notices/")
    assert {kind.name for kind in kinds._kinds.values() if kind.template.startswith(rooms)} - sent == set()
    for letter in mail.outbox:
        parts = [head_of(letter), letter.body, *(str(part) for part, _kind in letter.alternatives)]
        allowed = {"addition"} if "copy" in letter.subject else {"word"} if "invites you" in letter.subject else set()
        assert kinds_in(" ".join(parts)) <= allowed, letter.subject


def tell_of_posts_in_every_way(secret: Secret) -> None:
    """At once to one person inside, and in letters of a day and of a week to two others."""
    people = [secret.insider, secret.leader, secret.colleague]
    for person, often in zip(people, ("now", "daily", "weekly"), strict=True):
        following.follow(secret.topic, by=person)
        following.watch_forum(secret.topic.forum, "follow", by=person)
        preferences.choose(by=person, of_kinds=dict.fromkeys(TOLD, often))
    forum, first = secret.topic.forum, posting.reply(secret.topic, by=secret.insider, body="As in Umberwick.")
    answering.mark_helpful(first, by=secret.leader)
    posting.reply(secret.topic, by=secret.leader, body="And in Lindisquay once more.")
    posting.reply(secret.topic, by=secret.leader, body="Like that, in Lindisquay.", quoting=first)
    called = posting.reply(secret.topic, by=secret.leader, body="And you? In Umberwick?")
    Mention.objects.bulk_create([Mention(post=called, user=person, written="x") for person in people[::2]])
    posting.reply(secret.topic, by=secret.insider, body="In Umberwick, and twice.")
    make_topic(forum, by=secret.leader, subject="Peregrath, another", body="In Lindisquay.")


def test_a_day_of_theirs_is_like_any_other_to_a_visitor(client, secret):
    """The same page for an event that is not for them and for one that never was, to the byte."""
    never = reverse("events:occurrence", kwargs={"event_id": 987654, "slug": "x", "day": date(2026, 1, 5)})
    real = reverse("events:occurrence", kwargs=arguments(secret)["events:occurrence"])

    one, other = client.get(real), client.get(never)

    assert one.status_code == other.status_code == 404
    assert one.content.decode().replace(real, "") == other.content.decode().replace(never, "")
