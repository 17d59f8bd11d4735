"""Who left a group reads nothing of it any more, nor what was decided there since."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from community.discussions import forums, moderation, posting
from community.groups import membership
from community.notices.models import Notice
from community.safety import appeals, decisions
from community.safety.models import Decision
from core import own_data


@pytest.fixture
def made(author, circle):
    """A post of the author's that was hidden in their group, and their appeal, which was decided."""
    group, leader, other = circle
    topic = posting.start_topic(forums.forum_for_group(group), by=author, subject="Peregrath", body="Lindisquay words.")
    moderation.hide(topic.first_post, by=leader, reason="Dunmarrow reason.")
    made = Decision.objects.get()
    asked = appeals.appeal(made, by=author, words="Please look.")
    appeals.close(asked, by=other, outcome="upheld", words="Astervale answer.")
    return made


INSIDE = ("Lindisquay", "Dunmarrow", "Astervale")


def test_inside_they_read_what_and_why(client, made, author):
    client.force_login(author)

    page = client.get(made.get_absolute_url()).content.decode()
    data = "".join(own_data.document(author))

    assert all(word in page for word in INSIDE)
    assert all(word in data for word in INSIDE)


def test_outside_they_read_neither(client, made, author, circle):
    membership.leave(circle[0], by=author)
    client.force_login(author)

    page = client.get(made.get_absolute_url())
    data = json.loads("".join(own_data.document(author)))

    assert page.status_code == 200
    assert not any(word in page.content.decode() for word in INSIDE)
    assert "words" not in data["decisions"][0]
    assert "answer" not in data["appeals"][0]
    assert data["appeals"][0]["words"] == "Please look."
    assert made.get_absolute_url() in client.get(reverse("safety:decisions")).content.decode()


def test_what_is_decided_after_they_left_is_not_told(client, author, circle, run_jobs):
    group, leader, _other = circle
    topic = posting.start_topic(forums.forum_for_group(group), by=author, subject="Peregrath", body="Lindisquay words.")
    run_jobs()
    membership.leave(group, by=author)
    run_jobs()
    mail.outbox.clear()

    moderation.hide(topic.first_post, by=leader, reason="Dunmarrow reason.")
    run_jobs()
    client.force_login(author)

    made = Decision.objects.get()
    assert mail.outbox == []
    assert not Notice.objects.filter(user=author, kind="decision").exists()
    assert not decisions.of_person(author).exists()
    assert client.get(made.get_absolute_url()).status_code == 404
    assert json.loads("".join(own_data.document(author)))["decisions"] == []
