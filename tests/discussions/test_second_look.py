"""What could identify a client is shown before it is posted: in every box, in place, and kept nowhere."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from community.discussions.models import Attachment, Draft, Post, Topic
from community.safety.identifiers.looking import MOST_SHOWN, look_at
from core.models import AuditEntry
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator

TELLING = "She was born on 3/14/1987 and called from 614-555-0134."
POSTED, SHOWN = 302, 422


@pytest.fixture
def topic(db):
    return make_topic(subject="Fees")


@pytest.fixture
def writer(client, topic):
    user = UserFactory(practitioner=True)
    client.force_login(user)
    client.user = user
    return client


def seal_in(response) -> str:
    return re.search(r'name="as_it_is" value="(\w+)"', response.content.decode())[1]


def reply_url(topic) -> str:
    return f"{topic.get_absolute_url()}reply/"


def test_a_hit_is_shown_in_place_with_its_reason_and_wording(writer, topic):
    response = writer.post(reply_url(topic), {"body": TELLING})

    html = response.content.decode()
    assert response.status_code == SHOWN
    assert "2 passages could identify a client" in html
    assert "<mark>on 3/14/1987<sup>" in html
    assert "leads to one person or household" in html
    assert "in spring of that year" in html
    assert html.index('name="replace"') < html.index('name="as_it_is"')
    assert response.context["form"]["body"].value() == TELLING
    assert topic.posts.count() == 1


def test_replace_and_look_again_shows_the_wordings_and_posts_nothing(writer, topic):
    response = writer.post(reply_url(topic), {"body": TELLING, "replace": "1"})

    assert response.status_code == SHOWN
    assert (
        response.context["form"]["body"].value()
        == "She was born in spring of that year and called from a phone number."
    )
    assert "2 passages were replaced" in response.content.decode()
    assert topic.posts.count() == 1


def test_as_it_is_posts_exactly_what_was_looked_at(writer, topic):
    seal = seal_in(writer.post(reply_url(topic), {"body": TELLING}))

    response = writer.post(reply_url(topic), {"body": TELLING, "as_it_is": seal})

    assert response.status_code == POSTED
    assert topic.posts.get(position=2).content == TELLING


@pytest.mark.parametrize("body", [f"{TELLING} And more.", "Only 614-555-0134."])
def test_other_words_are_looked_at_anew(writer, topic, body):
    seal = seal_in(writer.post(reply_url(topic), {"body": TELLING}))

    response = writer.post(reply_url(topic), {"body": body, "as_it_is": seal})

    assert response.status_code == SHOWN
    assert topic.posts.count() == 1


def test_nobody_elses_seal_counts_and_none_that_is_made_up(writer, topic, client):
    seal = seal_in(writer.post(reply_url(topic), {"body": TELLING}))
    client.force_login(UserFactory(practitioner=True))

    for sent in (seal, "", "1", "é", "\x00", "a" * 5000):
        assert client.post(reply_url(topic), {"body": TELLING, "as_it_is": sent}).status_code == SHOWN


def test_words_without_any_go_straight_through_and_no_page_says_that_they_are_clean(writer, topic):
    response = writer.post(reply_url(topic), {"body": "How do you do it?"}, follow=True)

    assert topic.posts.count() == 2
    assert "clean" not in response.content.decode().lower()


def test_what_others_wrote_is_not_asked_for_again(writer, topic):
    quoted = f"> {TELLING}\n\nThis is how I see it."

    assert writer.post(reply_url(topic), {"body": quoted}).status_code == POSTED


BOXES = {
    "subject": {"subject": "Call 614-555-0134"},
    "body": {"body": "Call 614-555-0134"},
    "poll_question": {"poll_question": "Is it 614-555-0134?", "poll_answers": "Yes\nNo"},
    "poll_answers": {"poll_question": "Which?", "poll_answers": "614-555-0134\nAnother"},
}


@pytest.mark.parametrize("name", BOXES)
def test_every_box_of_a_new_thread_is_looked_at(writer, name):
    forum = make_forum()
    form = {"subject": "Fees", "body": "Words.", "kind": "discussion"} | BOXES[name]

    shown = writer.post(f"{forum.get_absolute_url()}new/", form)
    again = writer.post(f"{forum.get_absolute_url()}new/", form | {"replace": "1"})

    assert shown.status_code == again.status_code == SHOWN
    assert [part.label for part in shown.context["composer"].look.parts] == [str(shown.context["form"][name].label)]
    assert "phone number" in again.context["form"][name].value().lower()
    assert Topic.objects.filter(forum=forum).count() == 0


def test_the_boxes_of_a_case_are_looked_at(writer):
    forum = make_forum(audience="practitioners")
    boxes = {"seeing": "A 94-year-old woman.", "tried": "Nothing.", "need": "Ideas."}
    form = {"subject": "A case", "kind": "case", **boxes}

    shown = writer.post(f"{forum.get_absolute_url()}new/", form)
    sent = writer.post(f"{forum.get_absolute_url()}new/", form | {"as_it_is": seal_in(shown)})

    assert shown.status_code == SHOWN
    assert sent.status_code == POSTED


def test_a_change_is_looked_at(writer, topic):
    writer.post(reply_url(topic), {"body": "Before."})
    post = topic.posts.get(position=2)
    form = {"body": "Her MRN is 447120.", "based_on": "0"}

    shown = writer.post(f"{post.get_absolute_url()}edit/", form)
    replaced = writer.post(f"{post.get_absolute_url()}edit/", form | {"replace": "1"})
    body = replaced.context["form"]["body"].value()
    sent = writer.post(f"{post.get_absolute_url()}edit/", form | {"body": body})

    assert (shown.status_code, replaced.status_code, sent.status_code) == (SHOWN, SHOWN, POSTED)
    post.refresh_from_db()
    assert post.content == "Her MRN is (left out)."


def test_the_name_of_a_file_is_looked_at_and_replaced(writer, topic):
    file = SimpleUploadedFile("intake 2024-03-14.txt", b"Words of a file.", "text/plain")

    shown = writer.post(reply_url(topic), {"body": "See the file.", "files": file})
    writer.post(reply_url(topic), {"body": "See the file.", "replace": "1"})
    sent = writer.post(reply_url(topic), {"body": "See the file."})

    assert shown.status_code == SHOWN
    assert sent.status_code == POSTED
    assert Attachment.objects.get().name == "intake in spring of that year.txt"


def test_nothing_found_is_kept_or_logged(writer, topic, caplog):
    """But for the draft, which holds what its writer typed."""
    entries = AuditEntry.objects.count()
    writer.post(reply_url(topic), {"body": TELLING, "replace": "1"})
    writer.post(reply_url(topic), {"body": TELLING})

    assert AuditEntry.objects.count() == entries
    assert "614-555" not in caplog.text
    assert not Post.objects.filter(content__contains="614-555").exists()
    assert not Draft.objects.exists()
    assert "614-555" not in str(dict(writer.session))


def test_the_look_asks_the_database_nothing(topic, django_assert_num_queries):
    author = topic.poster

    with django_assert_num_queries(0):
        look = look_at({"body": TELLING}, {"body": "Your reply"}, by=author)

    assert look.count == 2


def test_a_text_full_of_findings_shows_some_and_counts_all(topic):
    look = look_at({"body": "614-555-0134, " * 1000}, {"body": "Your reply"}, by=topic.poster)

    assert len(look.found) == MOST_SHOWN
    assert look.unshown == 1000 - MOST_SHOWN


def test_words_far_from_a_finding_are_left_out(topic):
    look = look_at({"body": "far away " * 99 + TELLING + " far away" * 99}, {"body": "B"}, by=topic.poster)

    assert sum(len(piece.words) for piece in look.parts[0].pieces) < 400


def test_what_is_shown_is_escaped(writer, topic):
    html = writer.post(reply_url(topic), {"body": "<script>alert(1)</script> <b>614-555-0134</b>"}).content.decode()

    assert "<script>alert(1)" not in html
    assert "<b>614" not in html


def amended(topic) -> tuple[str, dict]:
    """Where a moderator edits the first post, and what they send."""
    post = topic.first_post
    typed = {"subject": "Fees", "body": TELLING, "reason": "Kinder so.", "based_on": post.updates_count}
    return f"/discussions/post/{post.pk}/amend/", typed


def test_what_a_moderator_edits_is_looked_at_too(client, topic):
    client.force_login(as_moderator(UserFactory()))
    address, typed = amended(topic)

    shown = client.post(address, typed)

    html = shown.content.decode()
    assert shown.status_code == SHOWN
    assert "2 passages could identify a client" in html
    assert "Kinder so." in html
    assert Post.objects.get(pk=topic.first_post_id).content != TELLING


def test_a_moderator_replaces_and_looks_again_or_saves_as_it_is(client, topic):
    client.force_login(as_moderator(UserFactory()))
    address, typed = amended(topic)
    replaced = client.post(address, typed | {"replace": "1"})
    assert replaced.status_code == SHOWN
    assert "in spring of that year" in replaced.context["form"]["body"].value()
    assert Post.objects.get(pk=topic.first_post_id).content != TELLING

    saved = client.post(address, typed | {"as_it_is": seal_in(client.post(address, typed))})

    assert saved.status_code == POSTED
    assert Post.objects.get(pk=topic.first_post_id).content == TELLING
