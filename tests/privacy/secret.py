"""A hidden group with something of every kind in it, each named with a word that stands nowhere else."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community.discussions import attachments, drafts, feeds, forums, places, polls, posting
from community.discussions.models import Attachment, Draft, Forum, Post, Topic
from community.groups import agreements, invitations, membership, requests, shelf
from community.groups.models import Group, GroupFile, Invitation, JoinRequest
from community.members import secret_addresses
from community.members.models import User
from core.uploads import clean_upload
from events import rsvp
from events.models import Occurrence
from factories.events import EventFactory
from factories.files import photograph
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory

CANARIES = {
    "name": "Brackenmoor",
    "slug": "hollowgate",
    "purpose": "Tamsinfold",
    "agenda": "Bramblewright",
    "addition": "Wexcombe",
    "asked": "Norrowick",
    "word": "Thistlemere",
    "roster": "Vanterpool",
    "subject": "Peregrath",
    "post": "Lindisquay",
    "answer": "Umberwick",
    "question": "Thornquist",
    "option": "Yarrowvale",
    "draft": "Fennimore",
    "clip": "Merrowdale",
    "clip's bytes": "Bitternbyte",
    "alt": "Wrenfold",
    "file": "Dunmarrow",
    "bytes": "Kestrelbyte",
    "title": "Marrowthorne",
    "summary": "Quenbury",
    "town": "Ashcombey",
    "venue": "Sallowmere",
    "address": "Drovelane",
    "link": "gossamerlock",
}
WORDS = re.compile("|".join(CANARIES.values()), re.IGNORECASE)
KINDS = {word.lower(): kind for kind, word in CANARIES.items()}


@dataclass
class Secret:
    """The group, three people inside, and those who stand outside of it, each for another reason."""

    group: Group
    leader: User
    insider: User
    colleague: User
    former: User
    pending: User
    invited: User
    unsigned: User
    topic: Topic
    answer: Post
    clip: Attachment
    draft: Draft
    meeting: Occurrence
    file: GroupFile
    request: JoinRequest
    letter: Invitation
    link: Invitation
    key: str  # of the insider's feed
    arguments: dict[str, dict] = field(default_factory=dict)


def make_secret(leader: User | None = None, marked: str = "") -> Secret:
    """One secret; a second one is `marked` and has the same leader."""
    group = GroupFactory(
        kind="consultation",
        joining="request",
        name="Brackenmoor circle",
        slug=f"hollowgate{marked.lower()}",
        purpose="Tamsinfold, in confidence.",
        agenda="Bramblewright first.",
    )
    leader = leader or UserFactory(practitioner=True, hidden=True)
    MembershipFactory(group=group, facilitator=True, user=leader)
    insider = UserFactory(practitioner=True, hidden=True)
    colleague = UserFactory(practitioner=True, hidden=True, display_name="Oriel Vanterpool")
    former, pending, invited, unsigned = (UserFactory(practitioner=True) for _ in range(4))
    asked = requests.ask(group, by=pending, words="About Norrowick.")
    Group.objects.filter(pk=group.pk).update(listed=False)
    group.refresh_from_db()
    put_in(group, insider, colleague, former)
    letter = invitations.invite(group, by=leader, email=invited.email, words="From Thistlemere.")
    link = invitations.make_link(group, by=leader, uses_allowed=3, days=7)
    forum = forums.forum_for_group(group)
    _put_to_draft(forum, leader, b"Bitternbyte, for all of you.", "Merrowdale.txt")
    _put_to_draft(forum, leader, photograph((8, 6)), "sketch.jpg", alt="Wrenfold from above")
    poll = polls.NewPoll("Thornquist, or not?", ("Yarrowvale", "Neither"))
    words = {"subject": "Peregrath again", "body": "It began in Lindisquay."}
    topic = posting.start_topic(forum, by=leader, poll=poll, **words)
    draft = drafts.save(places.in_topic(topic), by=leader, body="And in Fennimore.", based_on="")
    clip = Attachment.objects.get(post=topic.first_post_id, name="Merrowdale.txt")
    answer = posting.reply(topic, by=former, body="As in Umberwick.")
    event = EventFactory(
        by=leader,
        group=group,
        audience="group",
        kind="case_consultation",
        starts_on=timezone.now().date() + timedelta(days=8 if marked else 7),
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
    upload = clean_upload(SimpleUploadedFile("x.txt", b"Kestrelbyte, and nothing more.", "text/plain"))
    kept = shelf.add_file(group, by=leader, upload=upload, name="Dunmarrow.txt")
    membership.leave(group, by=former)
    membership.add(group, unsigned)
    agreements.write_addition(group, by=leader, body="And we keep Wexcombe to ourselves.")
    agreements.sign(group, by=insider, edition=agreements.text_for(Group.objects.get(pk=group.pk)).edition)
    group.refresh_from_db()
    return Secret(
        group,
        leader,
        insider,
        colleague,
        former,
        pending,
        invited,
        unsigned,
        topic,
        answer,
        clip,
        draft,
        meeting,
        kept,
        asked,
        letter,
        link,
        secret_addresses.make(feeds.PURPOSE, by=insider),
    )


def _put_to_draft(forum: Forum, by: User, content: bytes, name: str, alt: str = "") -> None:
    upload = clean_upload(SimpleUploadedFile(name, content))
    attachments.attach(places.in_forum(forum), by=by, upload=upload, name=name, alt=alt)


def told(response, typed: str = "") -> set[str]:
    """The kinds of canary in what came back, beyond those that stood in the address that was typed."""
    text = response.getvalue().decode(errors="replace") + "".join(
        f"{name}: {value}" for name, value in response.items()
    )
    text = text.replace("\r\n ", "")  # calendar files fold their lines
    return kinds_in(text) - kinds_in(typed)


def kinds_in(text: str) -> set[str]:
    return {KINDS[word.lower()] for word in WORDS.findall(text)}
