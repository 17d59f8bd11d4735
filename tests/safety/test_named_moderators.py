"""Whoever reports says which moderators are part of it: those learn nothing of it, on no page and by no letter."""

import pytest
from django.core import mail
from django.urls import reverse

from community.discussions import moderation
from community.discussions.models import Post
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from community.notices.models import Notice
from community.safety import appeals, decisions, figures, letters, notes, queue, reports
from community.safety.models import Decision, Report
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator


@pytest.fixture
def reporter(db):
    return UserFactory(display_name="Rae Reporter", practitioner=True)


@pytest.fixture
def made(topic, mo, other_mo, reporter):
    """A report that names one of two moderators."""
    return reports.report("post", topic.first_post_id, by=reporter, reason="harm", words="Canary", named=[mo.pk])


def test_the_form_offers_moderators_whom_the_reporter_may_look_up(client, topic, mo, other_mo, reporter):
    hiding = as_moderator(UserFactory(hidden=True, display_name="Hid Hidden"))
    client.force_login(reporter)
    address = reverse("safety:report", args=["post", topic.first_post_id])
    page = client.get(address).content.decode()

    sent = client.post(address, {"reason": "harm", "named": [mo.pk]})

    assert mo.display_name in page
    assert hiding.display_name not in page
    assert sent.status_code == 302
    assert list(Report.objects.get().named.all()) == [mo]


@pytest.mark.parametrize("named", ["x", "0", "99999999999999999999", "\x00", "hidden", "member", "themselves"])
def test_others_are_not_named(client, topic, mo, reporter, named):
    person = {"hidden": as_moderator(UserFactory(hidden=True)), "member": UserFactory(), "themselves": reporter}
    client.force_login(reporter)

    sent = client.post(
        reverse("safety:report", args=["post", topic.first_post_id]),
        {"reason": "harm", "words": "kept words", "named": [person[named].pk if named in person else named]},
    )

    assert sent.status_code == 422
    assert "kept words" in sent.content.decode()
    assert not Report.objects.exists()


def test_who_is_named_sees_it_nowhere(client, made, topic, mo, other_mo, run_jobs):
    run_jobs()
    client.force_login(mo)

    pages = {name: client.get(reverse(f"safety:{name}")).content.decode() for name in ("queue", "decided", "figures")}

    assert (queue.items(mo), queue.count(mo), queue.oldest(mo)) == ([], 0, None)
    assert all("Canary" not in page for page in pages.values())
    assert [letter.to for letter in mail.outbox] == [[other_mo.email]]
    assert letters.report_context(mo, made.pk) is None
    assert not Notice.objects.filter(user=mo).exists()
    assert client.post(reverse("safety:close", args=[made.pk]), {"outcome": "left"}).status_code == 404
    assert queue.count(other_mo) == 1


def test_nor_what_came_of_it(client, made, topic, author, mo, other_mo):
    third = as_moderator(UserFactory())
    weeks = [plot.bars[-1].week.count for plot in figures.plots(mo)[:1]]
    reports.close(made, by=other_mo, outcome="hidden", reason="Dunmarrow reason.")
    asked = appeals.appeal(Decision.objects.get(), by=author, words="Please.")
    client.force_login(mo)
    seen = [client.get(reverse(f"safety:{name}")).content.decode() for name in ("queue", "decided", "figures")]
    seen.append(client.get(reverse("safety:person", args=[author.pk])).content.decode())

    assert not any("Canary" in page or "Dunmarrow" in page for page in seen)
    assert not appeals.may_judge(mo, asked)
    assert mo not in appeals.judges(asked)
    assert not appeals.waiting(mo).exists()
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert client.post(reverse("safety:put-back", args=[made.pk]), {"reason": "Why."}).status_code == 404
    assert weeks == [plot.bars[-1].week.count for plot in figures.plots(mo)[:1]]
    assert figures.plots(third)[0].bars[-1].week.count == 1
    assert appeals.may_judge(third, asked)
    client.force_login(third)
    assert "Dunmarrow" in client.get(reverse("safety:person", args=[author.pk])).content.decode()


def test_administrators_are_left_where_all_other_moderators_are_named(topic, mo, other_mo, reporter):
    admin = UserFactory(superuser=True)

    made = reports.report("post", topic.first_post_id, by=reporter, reason="harm", named=[mo.pk, other_mo.pk])

    assert reports.judges(made) == [admin]


def test_somebody_has_to_be_left(client, topic, mo, other_mo, reporter):
    client.force_login(reporter)
    address = reverse("safety:report", args=["post", topic.first_post_id])

    sent = client.post(address, {"reason": "danger", "words": "kept words", "named": [mo.pk, other_mo.pk]})

    assert sent.status_code == 422
    assert "Nobody would be left" in sent.content.decode()
    assert "kept words" in sent.content.decode()
    assert not Report.objects.exists()


def test_an_ordinary_report_recuses_nobody_else(topic, author, mo, other_mo, reporter):
    made = reports.report("post", topic.first_post_id, by=reporter, reason="harm")
    reports.close(made, by=mo, outcome="hidden", reason="Why.")
    asked = appeals.appeal(Decision.objects.get(), by=author, words="Please.")

    assert appeals.may_judge(other_mo, asked)
    assert decisions.of_person(author).get().report == made


@pytest.mark.parametrize("count", [1, 20])
def test_the_decided_ones_cost_the_same(client, mo, other_mo, count, django_assert_num_queries):
    forum = make_forum()
    for _number in range(count):
        made = reports.report(
            "post", make_topic(forum).first_post_id, by=UserFactory(), reason="rules", named=[other_mo.pk]
        )
        reports.close(made, by=mo, outcome="hidden", reason="Why.")
    client.force_login(mo)
    client.get(reverse("safety:decided"))

    with django_assert_num_queries(12):
        page = client.get(reverse("safety:decided")).content.decode()

    assert page.count("/put-back/") == count


def test_who_is_named_does_not_put_back_what_was_hidden_for_it(client, made, topic, mo, other_mo):
    reports.close(made, by=other_mo, outcome="hidden", reason="Why.")
    post = Post.objects.get(pk=topic.first_post_id)
    address = reverse("discussions:restore", args=[post.pk])

    seen = {}
    for person in (mo, other_mo):
        client.force_login(person)
        seen[person] = (client.get(address).status_code, post in moderation.restorable(person))

    assert seen == {mo: (404, False), other_mo: (200, True)}
    with pytest.raises(DiscussionRefused, match="can't be put back by you"):
        moderation.restore(post, by=mo, reason="I want it back.")


def test_the_figures_tell_them_of_no_appeal_that_came_of_it(made, author, mo, other_mo):
    third = as_moderator(UserFactory())
    reports.close(made, by=other_mo, outcome="hidden", reason="Why.")
    appeals.close(
        appeals.appeal(Decision.objects.get(), by=author, words="Please."), by=third, outcome="upheld", words="No."
    )

    counts = {person: figures.plots(person)[0].bars[-1].week.count for person in (mo, third)}

    assert counts == {mo: 0, third: 2}


def test_nor_do_notes_on_what_it_is_about(made, topic, mo, other_mo):
    thing = ("post", topic.first_post_id)
    notes.write(*thing, by=other_mo, words="It was said before.")

    assert [note.words for note in notes.about([thing], reader=other_mo)[thing]] == ["It was said before."]
    assert notes.about([thing], reader=mo)[thing] == []


def test_where_nobody_is_left_administrators_hear_of_it_and_then_the_new_moderator(
    client, topic, mo, reporter, run_jobs
):
    lost = as_moderator(UserFactory())
    made = reports.report("post", topic.first_post_id, by=reporter, reason="danger", words="Canary", named=[mo.pk])
    User.objects.filter(pk=lost.pk).update(standing="lapsed")
    admin = UserFactory(superuser=True, standing="lapsed")
    run_jobs()
    mail.outbox.clear()

    first, again = queue.remind(), queue.remind()
    run_jobs()

    [letter] = mail.outbox
    assert (first, again, letter.to) == (1, 0, [admin.email])
    assert "no moderator is left who may judge it" in letter.body
    assert "Canary" not in letter.body
    assert Notice.objects.get(user=admin).kind == "unjudged"
    fresh = as_moderator(UserFactory())
    mail.outbox.clear()
    assert (queue.remind(), queue.remind()) == (1, 0)
    run_jobs()
    assert [letter.to for letter in mail.outbox] == [[fresh.email]]
    assert letters.unjudged_context(admin, made.pk) is None
    assert not Notice.objects.filter(user=mo).exists()
