"""What a topic asks for: where each kind can be, what its boxes become, and when a search for a colleague ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.discussions import forums, moderation, posting, topic_kinds
from community.discussions.forms import TopicForm
from community.discussions.models import Forum, Topic
from community.discussions.refusals import DiscussionRefused
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

CASE = {"kind": "case", "subject": "Stuck", "seeing": "A plateau.", "tried": "Waiting.", "need": "Ideas."}
LOOKING = {"kind": "looking", "subject": "Who does EMDR?", "modality": "EMDR", "region": "Ohio", "insurance": ""}


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def group_forum(author):
    group = GroupFactory()
    MembershipFactory(group=group, user=author)
    return forums.forum_for_group(group)


@pytest.fixture
def forum_of(places, group_forum):
    return places | {"group": group_forum}


@pytest.fixture
def search(author, places):
    return posting.start_topic(places["members"], by=author, subject="Who?", body="EMDR", kind="looking")


def path_to(forum: Forum) -> str:
    return f"{forum.get_absolute_url()}new/"


# Where a case can be -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "takes"), [("world", False), ("members", False), ("practitioners", True), ("group", True)]
)
def test_a_case_is_brought_where_practitioners_or_a_group_read_and_nowhere_else(
    client, author, forum_of, audience, takes
):
    forum = forum_of[audience]
    client.force_login(author)

    page = client.get(path_to(forum))
    sent = client.post(path_to(forum), CASE)

    assert ('value="case"' in page.content.decode()) is takes
    assert (sent.status_code == 302) is takes
    assert forum.topics.filter(kind="case").exists() is takes
    if not takes:
        assert "kind" in sent.context["form"].errors
        assert "A plateau." in sent.content.decode()
        with pytest.raises(DiscussionRefused):
            posting.start_topic(forum, by=author, subject="Stuck", body="A plateau.", kind="case")


@pytest.mark.parametrize("audience", ["world", "members"])
def test_the_database_takes_no_case_where_more_people_read(places, audience):
    topic = make_topic(places[audience])
    narrow = make_topic(places["practitioners"])
    Topic.objects.filter(pk=narrow.pk).update(kind="case")

    for change in (
        lambda: Topic.objects.filter(pk=topic.pk).update(kind="case"),
        lambda: Topic.objects.filter(pk=narrow.pk).update(forum=places[audience]),
        lambda: Topic.objects.create(forum=places[audience], subject="x", slug="x", kind="case"),
        lambda: Forum.objects.filter(pk=places["practitioners"].pk).update(audience=audience),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_forum_of_cases_is_not_opened_and_a_case_not_moved_to_more_people(author, places, moderator):
    case = posting.start_topic(places["practitioners"], by=author, subject="Stuck", body="A plateau.", kind="case")

    with pytest.raises(DiscussionRefused):
        forums.change_audience(places["practitioners"], "members")
    with pytest.raises(DiscussionRefused):
        moderation.move(case, places["members"], by=moderator)

    case.refresh_from_db()
    assert case.forum == places["practitioners"]


def test_an_audience_can_still_change_where_no_case_stands(places):
    forums.change_audience(make_forum(audience="practitioners"), "world")
    forums.change_audience(places["world"], "practitioners")

    assert Forum.objects.get(pk=places["world"].pk).audience == "practitioners"


# What the boxes become ---------------------------------------------------------------------------------------------


def test_the_three_boxes_of_a_case_become_headed_text(client, author, places):
    client.force_login(author)

    client.post(path_to(places["practitioners"]), CASE | {"seeing": "A plateau.\n\n- for weeks"})

    post = Topic.objects.get().first_post
    assert post.content == (
        "## What I am seeing\n\nA plateau.\n\n- for weeks\n\n## What I tried\n\nWaiting.\n\n"
        "## What I need from you\n\nIdeas."
    )
    assert post.content_html.count("<h3>") == 3


def test_a_resource_is_a_link_and_why_it_helps(client, author, places):
    client.force_login(author)
    typed = {"kind": "resource", "subject": "A guide", "link": "https://example.org/a?b=1", "body": "It is short."}

    client.post(path_to(places["members"]), typed)

    post = Topic.objects.get(kind="resource").first_post
    assert post.content == "<https://example.org/a?b=1>\n\nIt is short."
    assert 'href="https://example.org/a?b=1"' in post.content_html


def test_a_search_names_the_work_the_region_and_the_plan_and_closes_in_two_weeks(client, author, places):
    client.force_login(author)

    client.post(path_to(places["members"]), LOOKING | {"insurance": "Any *", "body": "Soon, please."})

    topic = Topic.objects.get(kind="looking")
    assert topic.first_post.content == (
        "- **Modality:** EMDR\n- **Region:** Ohio\n- **Insurance:** Any *\n\nSoon, please."
    )
    assert topic.closes_at == topic.created + timedelta(days=14)
    assert not topic.is_locked


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (CASE | {"seeing": " "}, {"seeing"}),
        (CASE | {"tried": "", "need": ""}, {"tried", "need"}),
        ({"kind": "resource", "subject": "A guide", "link": "", "body": ""}, {"link", "body"}),
        ({"kind": "resource", "subject": "A guide", "link": "javascript:alert(1)", "body": "Words"}, {"link"}),
        (LOOKING | {"modality": "", "region": ""}, {"modality", "region"}),
        (LOOKING | {"insurance": "x" * 121}, {"insurance"}),
        ({"kind": "question", "subject": "Fees", "body": ""}, {"body"}),
        ({"kind": "nonsense", "subject": "Fees", "body": "Words"}, {"kind"}),
        (CASE | {"need": "\x00"}, {"need"}),
        (CASE | {"seeing": "x" * 19_990}, {"seeing"}),
    ],
)
def test_each_kind_asks_for_its_own_boxes_and_keeps_what_was_typed(client, author, places, typed, asked):
    client.force_login(author)

    response = client.post(path_to(places["practitioners"]), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == asked
    assert not Topic.objects.exists()
    for words in ("A plateau.", "Waiting.", "Ideas.", "Fees", "Who does EMDR?"):
        assert words not in typed.values() or words in html


def test_boxes_of_another_kind_are_left_out(author, places):
    form = TopicForm(CASE | {"kind": "discussion", "body": "Only this."}, forum=places["practitioners"])

    assert form.is_valid(), form.errors
    assert form.words["body"] == "Only this."


def test_no_box_of_one_kind_is_required_by_the_browser(client, author, places):
    client.force_login(author)

    html = client.get(path_to(places["practitioners"])).content.decode()

    for name in ("seeing", "tried", "need", "link", "modality", "region", "insurance", "body"):
        box = html.split(f'name="{name}"')[1].split(">")[0]
        assert "required" not in box


def test_a_kind_can_be_chosen_by_the_address(client, author, places):
    client.force_login(author)

    html = client.get(f"{path_to(places['practitioners'])}?kind=case").content.decode()

    assert 'value="case"' in html
    assert "checked" in html.split('value="case"')[1].split(">")[0]
    assert client.get(f"{path_to(places['members'])}?kind=case%00").status_code == 200


# Changing it -------------------------------------------------------------------------------------------------------


def edited(client, topic: Topic, **more):
    post = topic.first_post
    typed = {"subject": topic.subject, "body": post.content, "based_on": post.updates_count} | more
    return client.post(f"{post.get_absolute_url()}edit/", typed)


def test_its_author_changes_what_it_is_where_that_is_possible(client, author, places):
    client.force_login(author)
    narrow = make_topic(places["practitioners"], by=author)
    wide = make_topic(places["members"], by=author)

    assert edited(client, narrow, kind="case").status_code == 302
    assert edited(client, wide, kind="question").status_code == 302
    refused = edited(client, Topic.objects.get(pk=wide.pk), kind="case", based_on=1)

    narrow.refresh_from_db()
    wide.refresh_from_db()
    assert (narrow.kind, wide.kind) == ("case", "question")
    assert refused.status_code == 422
    with pytest.raises(DiscussionRefused):
        posting.edit_post(wide.first_post, by=author, body="Words", kind="case", based_on=1)


def test_an_edit_that_says_nothing_of_the_kind_leaves_it(client, author, places):
    client.force_login(author)
    topic = posting.start_topic(places["members"], by=author, subject="Fees", body="How?", kind="question")

    edited(client, topic, body="How much?")

    topic.refresh_from_db()
    assert topic.kind == "question"


def test_a_search_stays_one_and_nothing_becomes_one(client, author, places, search):
    client.force_login(author)
    other = make_topic(places["members"], by=author)

    assert edited(client, other, kind="looking").status_code == 422
    edited(client, search, kind="discussion")

    search.refresh_from_db()
    other.refresh_from_db()
    assert (search.kind, other.kind) == ("looking", "discussion")
    assert search.closes_at is not None


# The end of a search -----------------------------------------------------------------------------------------------


def test_a_search_whose_time_is_over_takes_no_answers(client, author, search):
    Topic.objects.filter(pk=search.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    client.force_login(UserFactory())

    page = client.get(search.get_absolute_url()).content.decode()

    assert "closed" in page
    with pytest.raises(DiscussionRefused):
        posting.reply(search, by=UserFactory(), body="I do.")


def test_its_author_closes_it_before_its_time(client, author, search):
    client.force_login(author)

    assert client.post(f"{search.get_absolute_url()}end/").status_code == 302

    search.refresh_from_db()
    assert search.is_locked
    assert not topic_kinds.may_extend(author, search)


def test_its_author_extends_it_once_and_may_still_close_it(client, author, search):
    client.force_login(author)

    client.post(f"{search.get_absolute_url()}extend/")
    client.post(f"{search.get_absolute_url()}extend/")

    search.refresh_from_db()
    assert search.closes_at == search.created + timedelta(days=28)
    topic_kinds.close(search, by=author)
    search.refresh_from_db()
    assert search.is_locked


def test_it_can_be_extended_after_it_ran_out(author, search):
    Topic.objects.filter(pk=search.pk).update(closes_at=timezone.now() - timedelta(days=3))
    search.refresh_from_db()

    topic_kinds.extend(search, by=author)

    search.refresh_from_db()
    assert not search.is_locked
    assert search.closes_at > timezone.now() + timedelta(days=13)


@pytest.mark.parametrize("who", ["stranger", "lapsed author", "moderator", "visitor"])
@pytest.mark.parametrize("what", ["end", "extend"])
def test_nobody_else_moves_its_end(client, author, search, moderator, who, what):
    if who == "lapsed author":
        author.standing = "lapsed"
        author.save(update_fields=["standing"])
    person = {"stranger": UserFactory(), "lapsed author": author, "moderator": moderator, "visitor": None}[who]
    if person:
        client.force_login(person)
    before = Topic.objects.values().get(pk=search.pk)

    response = client.post(f"{search.get_absolute_url()}{what}/")

    assert response.status_code == (302 if person is None else 404)
    assert Topic.objects.values().get(pk=search.pk) == before


@pytest.mark.parametrize("what", ["end", "extend"])
def test_only_a_search_has_an_end(client, author, places, what):
    topic = make_topic(places["members"], by=author)
    client.force_login(author)

    assert client.post(f"{topic.get_absolute_url()}{what}/").status_code == 404
    assert client.get(f"{topic.get_absolute_url()}{what}/").status_code == 405


def test_a_closed_search_that_a_moderator_locked_is_not_extended(author, search):
    Topic.objects.filter(pk=search.pk).update(status=Topic.TOPIC_LOCKED)
    search.refresh_from_db()

    with pytest.raises(DiscussionRefused):
        topic_kinds.extend(search, by=author)
