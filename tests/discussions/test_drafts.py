from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.discussions import composing, drafts, places, posting
from community.discussions.models import Draft
from community.discussions.refusals import DiscussionRefused
from community.discussions.tasks import forget_old_drafts
from community.groups import archiving, membership
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory

SAVE = "/discussions/drafts/save/"


@pytest.fixture
def writer(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def topic(db):
    return make_topic(make_forum("Private practice"), subject="Fees after a pause")


@pytest.fixture
def place(topic):
    return places.in_topic(topic)


def keep(place, by, body="Half a sentence", based_on="", **more):
    return drafts.save(place, by=by, body=body, based_on=based_on, **more)


def test_a_draft_goes_on_from_the_version_before(place, writer):
    first = drafts.version(keep(place, writer))

    second = keep(place, writer, body="Half a sentence, and the rest.", based_on=first)

    assert Draft.objects.get().body == "Half a sentence, and the rest."
    assert drafts.version(second) > first


def test_the_same_words_again_are_the_same_version(place, writer):
    first = drafts.version(keep(place, writer))

    assert drafts.version(keep(place, writer, based_on=first)) == first


def test_what_another_window_saved_is_not_written_over(place, writer):
    first = drafts.version(keep(place, writer))
    theirs = drafts.version(keep(place, writer, body="On the phone", based_on=first))

    with pytest.raises(drafts.DraftElsewhere, match="in another window") as refusal:
        keep(place, writer, body="On the desk", based_on=first)

    assert drafts.version(refusal.value.draft) == theirs
    assert Draft.objects.get().body == "On the phone"
    assert keep(place, writer, body="On the desk", based_on=theirs).body == "On the desk"


def test_a_second_window_that_knows_of_no_draft_does_not_write_over_one(place, writer):
    keep(place, writer)

    with pytest.raises(drafts.DraftElsewhere):
        keep(place, writer, body="From the start")


def test_what_was_posted_elsewhere_does_not_come_back_by_itself(place, writer):
    first = drafts.version(keep(place, writer))
    drafts.posted(by=writer, topic=place.topic)

    with pytest.raises(drafts.DraftElsewhere, match="posted or discarded") as refusal:
        keep(place, writer, based_on=first)

    assert refusal.value.draft is None
    assert not Draft.objects.exists()
    assert keep(place, writer, based_on="")


def test_an_emptied_draft_is_none(place, writer):
    first = drafts.version(keep(place, writer))

    assert keep(place, writer, body="  \n", based_on=first) is None
    assert not Draft.objects.exists()


def test_more_than_anybody_posts_is_refused_and_too_long_to_post_is_kept(place, writer):
    assert keep(place, writer, body="a" * 30_000)

    with pytest.raises(DiscussionRefused, match="too long to be kept"):
        keep(place, writer, body="a" * 40_001)


def test_no_character_of_what_is_kept_stumbles_the_database(place, writer):
    draft = keep(place, writer, body="a\x00b\u202e", subject="c\x00", more={"modality": ["d\x00e"]})

    assert (draft.body, draft.subject, draft.more) == ("ab", "c", {"modality": ["de"]})


@pytest.mark.parametrize("what", ["topic", "reply", "edit"])
def test_the_draft_goes_when_the_post_is_there(topic, writer, what):
    post = posting.reply(topic, by=writer, body="As it was.")
    place = {"topic": places.in_forum(topic.forum), "reply": places.in_topic(topic), "edit": places.in_post(post)}[what]
    other = keep(places.in_forum(make_forum()), writer)
    keep(place, writer)

    if what == "topic":
        posting.start_topic(topic.forum, by=writer, subject="A new one", body="Words")
    elif what == "reply":
        posting.reply(topic, by=writer, body="Words")
    else:
        posting.edit_post(post, by=writer, body="Words", based_on=0)

    assert list(Draft.objects.all()) == [other]


def test_the_draft_stays_where_the_post_is_refused(topic, writer):
    keep(places.in_topic(topic), writer)

    with pytest.raises(DiscussionRefused):
        posting.reply(topic, by=writer, body="a" * 20_001)

    assert Draft.objects.exists()


def test_after_14_days_a_draft_is_gone(place, writer, run_jobs):
    old, young = keep(place, writer), keep(places.in_forum(make_forum()), writer)
    Draft.objects.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=14, minutes=1))
    Draft.objects.filter(pk=young.pk).update(saved_at=timezone.now() - timedelta(days=13, hours=23))

    forget_old_drafts.defer(timestamp=0)
    run_jobs()

    assert list(Draft.objects.all()) == [young]


# Who reads a draft --------------------------------------------------------------------------------------------------


def test_nobody_else_reads_a_draft(client, place, writer):
    draft = keep(place, writer, body="Not for Lindisquay yet")
    for other in (UserFactory(practitioner=True), UserFactory(superuser=True)):
        client.force_login(other)

        assert b"Lindisquay" not in client.get("/discussions/drafts/").content
        assert b"Lindisquay" not in client.get(place.composer_url).content
        assert client.post(f"/discussions/drafts/{draft.pk}/discard/").status_code == 404
    assert Draft.objects.exists()


def test_drafts_are_for_who_is_logged_in(client, place, writer):
    draft = keep(place, writer)

    assert client.get("/discussions/drafts/").status_code == 302
    assert client.post(SAVE, {"place": place.key, "body": "x"}).status_code == 302
    assert client.post(f"/discussions/drafts/{draft.pk}/discard/").status_code == 302
    assert Draft.objects.get().body == "Half a sentence"


@pytest.fixture
def circle(writer):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, facilitator=True)
    put_in(group, writer)
    return group


@pytest.fixture
def in_circle(circle):
    from community.discussions import forums

    leader = circle.memberships.get(role="facilitator").user
    return places.in_topic(make_topic(forums.forum_for_group(circle), by=leader, subject="Peregrath"))


def test_who_left_the_group_reads_no_draft_from_it_and_may_not_save_one(client, circle, in_circle, writer):
    draft = keep(in_circle, writer, body="> In Lindisquay\n\nAnd I")
    client.force_login(writer)
    membership.leave(circle, by=writer)

    response = client.get("/discussions/drafts/")
    assert b"Lindisquay" not in response.content
    assert b"Peregrath" not in response.content
    assert client.post(f"/discussions/drafts/{draft.pk}/discard/").status_code == 404
    assert client.post(SAVE, {"place": in_circle.key, "body": "My own words"}).status_code == 404
    assert drafts.find(in_circle, writer) == draft  # it is there again, should they come back


def test_a_refused_saving_gives_the_words_back(client, in_circle, writer, circle):
    membership.leave(circle, by=writer)
    client.force_login(writer)

    response = client.post(in_circle.composer_url, {"body": "My own words", "save_draft": "1"})

    assert response.status_code == 404
    assert b"My own words" in response.content


def test_what_can_be_read_and_not_written_in_gives_its_words_to_copy(client, circle, in_circle, writer):
    keep(in_circle, writer, body="My own words")
    archiving.archive(circle, by=circle.memberships.get(role="facilitator").user)
    client.force_login(writer)

    response = client.get("/discussions/drafts/")

    assert "Nothing can be written here any more" in response.text
    assert "My own words</textarea>" in response.text


@pytest.mark.parametrize(
    "key", ["", "topic-0", "topic-99999999", "forum-x", "post-1\x00", "user-1", "topic-" + "9" * 40]
)
def test_a_place_that_is_none_is_not_found(client, writer, key):
    client.force_login(writer)

    assert client.post(SAVE, {"place": key, "body": "x"}).status_code == 404
    assert client.post("/discussions/preview/", {"place": key, "body": "x"}).status_code == 404
    assert client.get("/discussions/mentions/", {"place": key, "q": "x"}).status_code == 404


def test_nobody_drafts_a_change_to_somebody_elses_post(client, topic, writer):
    client.force_login(writer)

    assert client.post(SAVE, {"place": f"post-{topic.first_post_id}", "body": "x"}).status_code == 404


# In the composer ----------------------------------------------------------------------------------------------------


def test_the_composer_opens_with_the_draft_and_can_discard_it(client, place, writer):
    keep(place, writer, body="Half a sentence")
    client.force_login(writer)

    for url in (place.composer_url, place.topic.get_absolute_url()):
        page = client.get(url).text
        assert "Half a sentence</textarea>" in page
        assert "This is your draft of" in page
    assert client.post(place.composer_url, {"discard": "1"}).status_code == 302

    assert not Draft.objects.exists()
    assert "This is your draft of" not in client.get(place.composer_url).text


def test_a_draft_and_the_words_that_are_answered_stand_below_each_other(place, writer):
    keep(place, writer, body="Half a sentence\n")

    composer = composing.opened(place, writer, place.topic.first_post)

    name = place.topic.poster.display_name
    assert composer.form.initial["body"] == f"Half a sentence\n\n> **{name}:**\n>\n> How do you do it?\n\n"


def test_all_of_a_new_topics_form_is_kept(client, writer):
    place = places.in_forum(make_forum(audience="practitioners"))
    client.force_login(writer)
    typed = {"kind": "case", "subject": "Stuck", "seeing": "Much silence", "tried": "", "poll_question": "Which?"}

    told = client.post(SAVE, {"place": place.key, "draft_version": "", **typed}).json()
    page = client.get(place.composer_url).text

    assert told["version"] == drafts.version(Draft.objects.get())
    assert 'value="case"' in page.partition("checked")[0].rpartition("<input")[2] + page
    assert "Much silence</textarea>" in page
    assert 'value="Which?"' in page
    assert 'value="Stuck"' in page


def test_a_form_in_which_nobody_has_typed_is_no_draft(client, writer):
    place = places.in_forum(make_forum())
    client.force_login(writer)

    told = client.post(SAVE, {"place": place.key, "kind": "question", "written_for": "members", "body": ""}).json()

    assert told == {"words": "", "version": ""}
    assert not Draft.objects.exists()


def test_saving_says_when_and_a_conflict_says_what_the_other_has(client, place, writer):
    client.force_login(writer)

    told = client.post(SAVE, {"place": place.key, "body": "One", "draft_version": ""}).json()
    again = client.post(SAVE, {"place": place.key, "body": "Two", "draft_version": ""})

    assert told["words"].startswith("Draft saved at")
    assert again.status_code == 409
    assert again.json()["fields"]["body"] == ["One"]
    assert again.json()["version"] == told["version"]


def test_without_a_script_a_button_saves_and_a_conflict_shows_both(client, place, writer):
    client.force_login(writer)

    saved = client.post(place.composer_url, {"body": "One", "save_draft": "1", "draft_version": ""}, follow=True)
    both = client.post(place.composer_url, {"body": "Two", "save_draft": "1", "draft_version": ""})
    newest = drafts.version(Draft.objects.get())

    assert "Your draft is saved" in saved.text
    assert both.status_code == 409
    assert "Two</textarea>" in both.text
    assert "One</textarea>" in both.text
    assert f'value="{newest}"' in both.text
    again = client.post(place.composer_url, {"body": "Two", "save_draft": "1", "draft_version": newest})
    assert again.status_code == 302
    assert Draft.objects.get().body == "Two"


# The list -----------------------------------------------------------------------------------------------------------


def test_the_list_has_each_draft_with_its_place(client, topic, writer):
    post = posting.reply(topic, by=writer, body="As it was.")
    for place in (places.in_forum(topic.forum), places.in_topic(topic), places.in_post(post)):
        keep(place, writer, body=f"For {place.kind}", subject="Of my own")
    client.force_login(writer)

    page = client.get("/discussions/drafts/").text

    assert page.count("Go on writing") == 3
    for url in (reverse("discussions:edit", args=[post.pk]), f"{topic.get_absolute_url()}reply/"):
        assert f'href="{url}"' in page
    assert "Of my own" in page


def test_the_list_shows_the_words_of_every_box(client, writer):
    place = places.in_forum(make_forum(audience="practitioners"))
    keep(place, writer, body="", subject="Stuck", more={"kind": ["case"], "seeing": ["Much silence"], "tags": ["a"]})
    client.force_login(writer)

    page = client.get("/discussions/drafts/").text

    assert '<p class="draft__words">Much silence</p>' in page
    assert "Stuck" in page


def test_the_list_says_what_would_fill_it(client, writer):
    client.force_login(writer)

    assert "kept here by itself" in client.get("/discussions/drafts/").text


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_whatever_its_length(client, writer, circle, count, django_assert_num_queries):
    from community.discussions import forums

    inside, leader = forums.forum_for_group(circle), circle.memberships.get(role="facilitator").user
    for number in range(count):
        forum = inside if number % 2 else make_forum()
        keep(places.in_topic(make_topic(forum, by=leader if number % 2 else None)), writer)
    client.force_login(writer)
    client.get("/discussions/drafts/")

    with django_assert_num_queries(5):
        client.get("/discussions/drafts/")
