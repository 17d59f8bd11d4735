"""Who is concerned hears what was decided about their words, and why."""

import pytest
from django.core import mail
from django.urls import reverse

from community.discussions import forums, moderation, posting
from community.notices.models import Notice
from community.safety import decisions
from community.safety.models import Decision
from factories.members import UserFactory


def test_the_author_gets_a_letter_and_a_notice_with_the_reason(client, author, mo, topic, run_jobs):
    moderation.hide(topic.first_post, by=mo, reason="It names a street.")
    run_jobs()

    made = Decision.objects.get()
    assert (made.action, made.kind, made.target_id) == ("discussions.post.hidden", "post", topic.first_post_id)
    assert (made.person, made.by, made.words, made.circle_id) == (author, mo, "It names a street.", None)
    [letter] = mail.outbox
    assert letter.to == [author.email]
    assert "It names a street." in letter.body
    assert mo.display_name not in letter.body
    assert "Lindisquay" not in letter.subject + letter.body
    assert Notice.objects.get(kind="decision").user == author


def test_the_author_reads_it_and_nobody_else(client, author, mo, topic):
    moderation.hide(topic.first_post, by=mo, reason="It names a street.")
    made = Decision.objects.get()

    seen = {}
    for name, person in {"author": author, "moderator": mo, "other": UserFactory()}.items():
        client.force_login(person)
        seen[name] = client.get(made.get_absolute_url()).status_code
    client.force_login(author)
    page = client.get(made.get_absolute_url()).content.decode()

    assert seen == {"author": 200, "moderator": 404, "other": 404}
    assert "It names a street." in page
    assert "Lindisquay words." in page
    assert mo.display_name not in page
    assert not Notice.objects.filter(kind="decision", read_at=None).exists()


def test_the_list_links_to_each_and_stays_as_cheap(client, author, mo, topic, django_assert_num_queries):
    for number in range(12):
        decisions.record(
            "discussions.post.edited",
            by=mo,
            person=author,
            kind="post",
            target_id=topic.first_post_id,
            words=f"Reason {number}",
        )
    client.force_login(author)
    client.get(reverse("safety:decisions"))

    with django_assert_num_queries(6):
        page = client.get(reverse("safety:decisions")).content.decode()

    assert page.count("/account/decisions/") >= 12


def test_what_happened_in_a_group_takes_no_reason_into_a_letter(author, circle, run_jobs):
    group, leader, _other = circle
    forum = forums.forum_for_group(group)
    topic = posting.start_topic(forum, by=author, subject="Peregrath", body="Lindisquay words.")
    run_jobs()
    mail.outbox.clear()

    moderation.hide(topic.first_post, by=leader, reason="Dunmarrow was named.")
    run_jobs()

    [letter] = [each for each in mail.outbox if each.to == [author.email]]
    assert Decision.objects.get().circle_id == group.pk
    for words in ("Dunmarrow", "Lindisquay", "Peregrath", group.name, leader.display_name):
        assert words not in letter.subject + letter.body


def test_nobody_is_told_of_what_they_did_themselves(author, topic):
    moderation.remove(topic.first_post, by=author)

    assert not Decision.objects.exists()


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 30])
def test_a_number_that_is_none_is_404(client, author, pk):
    client.force_login(author)

    assert client.get(f"/account/decisions/{pk}/").status_code == 404
    assert client.get(f"/moderation/appeals/{pk}/").status_code == 404
