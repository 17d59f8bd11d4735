"""A report from inside of a group discloses that one post and what the reporter ticks, no more."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import forums, moderation, posting
from community.discussions.models import Post
from community.safety import kinds, queue, reports
from community.safety.models import Disclosure, Report
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator

QUEUE = "/moderation/"
REPORTED = 7  # the position of the post that is reported, of ten


def words_at(position: int) -> str:
    return f"Words of number {position:02}"


@pytest.fixture
def moderator(db):
    return as_moderator(UserFactory(display_name="Mo Moderator"))


@pytest.fixture
def people(db):
    return [UserFactory(display_name=name, practitioner=True) for name in ("Ana Insider", "Ben Insider", "Cleo Leader")]


@pytest.fixture
def group(people):
    group = GroupFactory(hidden=True, name="Brackenmoor", slug="hollowgate")
    for number, person in enumerate(people):
        MembershipFactory(group=group, user=person, facilitator=number == 2)
    return group


@pytest.fixture
def thread(group, people):
    """Ten posts; the reported one is by Ben and answers the first."""
    topic = make_topic(forums.forum_for_group(group), by=people[2], subject="Peregrath", body=words_at(1))
    for position in range(2, 11):
        quoting = topic.first_post if position == REPORTED else None
        posting.reply(topic, by=people[position % 3], body=words_at(position), quoting=quoting)
    return topic


@pytest.fixture
def post(thread, people):
    Post.objects.filter(topic=thread, position=REPORTED).update(poster=people[1])
    return thread.posts.get(position=REPORTED)


@pytest.fixture
def ana(people):
    return people[0]


def key(post: Post) -> str:
    return f"post-{post.pk}"


def at(thread, position: int) -> Post:
    return thread.posts.get(position=position)


def told(body: str) -> set[str]:
    """The numbers of the posts whose words are on a page, and the names of group and thread."""
    return set(re.findall(r"Words of number (\d\d)|(?i:brackenmoor|hollowgate|peregrath)", body)) - {""} | {
        word for word in ("brackenmoor", "hollowgate", "peregrath") if word in body.lower()
    }


def test_the_form_offers_the_subject_what_is_answered_and_the_posts_around(client, ana, post, thread):
    client.force_login(ana)

    form = client.get(reverse("safety:report", args=["post", post.pk])).context["form"]

    around = [1, 2, 3, 4, 5, 6, 8, 9]
    assert [value for value, _label in form.fields["beside"].choices] == [
        f"subject-{thread.pk}",
        *(key(at(thread, position)) for position in around),
    ]
    labels = dict(form.fields["beside"].choices)
    first, before, after = (at(thread, position) for position in (1, 6, 8))
    assert labels[f"subject-{thread.pk}"] == "The subject of the thread: Peregrath"
    assert labels[key(first)] == "Cleo Leader, what it answers: Words of number 01"
    assert labels[key(before)] == f"{before.poster}, before it: Words of number 06"
    assert labels[key(after)] == f"{after.poster}, after it: Words of number 08"
    assert form["beside"].value() is None  # nothing is ticked for them


def test_first_words_are_the_author_s_own(ana, thread, people):
    answer = posting.reply(
        thread, by=people[1], body="> What somebody else said.\n\nMine is **rather** " + "long " * 40
    )
    posting.reply(thread, by=people[2], body="And on.")

    labels = [each.label for each in kinds.get("post").beside(ana, thread.posts.get(position=12).pk)]

    [label] = [label for label in labels if "Mine is rather long" in label]
    assert "somebody else" not in label
    assert label.endswith("…")
    assert answer.pk


def test_the_form_says_who_will_read_what(client, ana, post):
    client.force_login(ana)
    in_group = client.get(reverse("safety:report", args=["post", post.pk])).content.decode()
    outside = make_topic(replies=1)
    in_the_open = client.get(reverse("safety:report", args=["post", outside.last_post_id])).content.decode()

    assert "this post and what you tick, nothing else of your group" in in_group
    assert "facilitators are not told" in in_group
    assert "your group" not in in_the_open
    assert "the forum where they read it anyway" in in_the_open


@pytest.mark.parametrize("ticked", [[], [4], [8, 2, 6]])
def test_the_moderators_read_that_post_and_what_was_ticked_in_the_order_of_the_thread(
    client, ana, moderator, post, thread, ticked
):
    client.force_login(ana)
    data = {"reason": "harm", "words": "", "beside": [key(at(thread, position)) for position in ticked]}
    assert client.post(reverse("safety:report", args=["post", post.pk]), data).status_code == 302

    client.force_login(moderator)
    body = client.get(QUEUE).content.decode()

    assert told(body) == {f"{position:02}" for position in [REPORTED, *ticked]}
    shown = re.findall(r"Words of number (\d\d)", body)
    assert shown == [f"{REPORTED:02}", *(f"{position:02}" for position in sorted(ticked))]
    assert "a group" in body
    assert thread.forum.get_absolute_url() not in body
    assert post.get_absolute_url() not in body
    assert "Ana Insider" in body  # moderators know who reports


def test_the_subject_is_shown_where_it_was_ticked(client, ana, moderator, post, thread):
    reports.report("post", post.pk, by=ana, reason="harm", beside=[f"subject-{thread.pk}"])
    client.force_login(moderator)

    assert told(client.get(QUEUE).content.decode()) == {"07", "peregrath"}


def test_two_reports_of_one_post_show_each_what_its_own_reporter_ticked(ana, moderator, post, thread, people):
    one = reports.report("post", post.pk, by=ana, reason="harm", beside=[key(at(thread, 4))])
    other = reports.report("post", post.pk, by=people[2], reason="harm", beside=[key(at(thread, 5))])

    shown = {made.pk: [each.key for each in thing.beside] for made, thing in reports.open_reports(moderator)}

    assert shown == {one.pk: [key(at(thread, 4))], other.pk: [key(at(thread, 5))]}


def foreign(name: str, thread, people) -> str:
    """What was never offered, by its key."""
    if name == "a post of another thread":
        return key(make_topic(thread.forum, by=people[0]).first_post)
    if name == "a post of another group":
        other = MembershipFactory(group__hidden=True).user
        group = other.memberships.get().group
        return key(make_topic(forums.forum_for_group(group), by=other).first_post)
    if name == "a post too far away":
        return key(at(thread, 10))
    if name == "the post itself":
        return key(at(thread, REPORTED))
    if name == "a hidden post":
        moderation.hide_post(at(thread, 6), by=people[2])
        return key(at(thread, 6))
    if name == "the subject of another thread":
        return f"subject-{make_topic(thread.forum, by=people[0]).pk}"
    return name


FOREIGN = [
    "a post of another thread",
    "a post of another group",
    "a post too far away",
    "the post itself",
    "a hidden post",
    "the subject of another thread",
    *("post-", "post-99999999999999999999999", "-1", "a\x00b", "post-٣", "<script>", "post-1' OR '1'='1"),
]


@pytest.mark.parametrize("name", FOREIGN)
def test_anything_else_is_refused_beside_the_field_and_never_disclosed(client, ana, post, thread, people, name):
    other = foreign(name, thread, people)
    client.force_login(ana)

    answer = client.post(
        reverse("safety:report", args=["post", post.pk]),
        {"reason": "harm", "words": "kept words", "beside": [key(at(thread, 5)), other]},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["beside"] == [str(reports.NOT_BESIDE)]
    body = answer.content.decode()
    assert "kept words" in body
    assert re.findall(r'value="([^"]+)"[^>]* checked', body) == ["harm", key(at(thread, 5))]
    assert not Report.objects.exists()
    with pytest.raises(reports.ReportRefused, match="not there any more"):
        reports.report("post", post.pk, by=ana, reason="harm", beside=[other])
    assert not Disclosure.objects.exists()


def test_a_post_that_goes_while_the_form_is_open_is_not_disclosed(ana, post, thread, people):
    offered = [each.key for each in kinds.get("post").beside(ana, post.pk)]
    moderation.hide_post(at(thread, 5), by=people[2])

    with pytest.raises(reports.ReportRefused):
        reports.report("post", post.pk, by=ana, reason="harm", beside=offered)


@pytest.mark.parametrize("who", ["outsider", "moderator", "former", "unsigned", "superuser"])
def test_nobody_outside_reports_or_is_offered_anything(client, group, post, moderator, who):
    person = {
        "outsider": lambda: UserFactory(),
        "moderator": lambda: moderator,
        "former": lambda: MembershipFactory(group=group, left_at=timezone.now()).user,
        "unsigned": lambda: MembershipFactory(group=group, unsigned=True).user,
        "superuser": lambda: UserFactory(superuser=True),
    }[who]()
    client.force_login(person)
    url = reverse("safety:report", args=["post", post.pk])

    assert kinds.get("post").beside(person, post.pk) == []
    assert client.get(url).status_code == 404
    assert client.post(url, {"reason": "harm", "beside": key(post)}).status_code == 404
    assert not Report.objects.exists()


def test_once_decided_nothing_is_disclosed_any_more(client, ana, moderator, post, thread):
    made = reports.report("post", post.pk, by=ana, reason="harm", beside=[key(at(thread, 4)), f"subject-{thread.pk}"])
    client.force_login(moderator)
    client.post(reverse("safety:close", args=[made.pk]), {"outcome": "left"})

    assert told(client.get(QUEUE).content.decode()) == set()
    assert not Disclosure.objects.exists()
    assert Report.objects.get().target_id == post.pk


def test_the_reporter_leaving_the_group_takes_nothing_back_and_opens_nothing(client, ana, moderator, post, thread):
    reports.report("post", post.pk, by=ana, reason="harm", beside=[key(at(thread, 4))])
    type(thread.forum.group).objects.get().memberships.filter(user=ana).update(left_at=timezone.now(), ending="left")
    client.force_login(moderator)

    assert told(client.get(QUEUE).content.decode()) == {"07", "04"}


RECUSED = {
    "inside the group": lambda group, post, thread: MembershipFactory(group=group).user,
    "in the group, unsigned": lambda group, post, thread: MembershipFactory(group=group, unsigned=True).user,
    "its facilitator": lambda group, post, thread: at(thread, 1).poster,
    "the author": lambda group, post, thread: post.poster,
    "an author of what was ticked": lambda group, post, thread: _now_outside(group, at(thread, 4).poster),
}


def _now_outside(group, person):
    group.memberships.filter(user=person).update(left_at=timezone.now(), ending="left")
    return person


@pytest.mark.parametrize("who", RECUSED)
def test_who_has_a_part_in_it_is_recused(client, group, ana, moderator, post, thread, run_jobs, who):
    posting.reply(thread, by=at(thread, 1).poster, body="Once more.")
    Post.objects.filter(topic=thread, position=4).update(poster=UserFactory())
    recused = as_moderator(RECUSED[who](group, post, thread))
    run_jobs()
    mail.outbox.clear()
    made = reports.report("post", post.pk, by=ana, reason="harm", beside=[key(at(thread, 4))])
    run_jobs()
    client.force_login(recused)

    assert [letter.to for letter in mail.outbox] == [[moderator.email]]
    assert reports.open_reports(recused) == []
    assert queue.count(recused) == 0
    assert client.post(reverse("safety:close", args=[made.pk]), {"outcome": "hidden"}).status_code == 404
    with pytest.raises(reports.ReportRefused, match="another moderator"):
        reports.close(made, by=recused, outcome="left")
    assert [row for row, _thing in reports.open_reports(moderator)] == [made]


def test_a_letter_is_withheld_from_who_enters_the_group_before_it_is_sent(group, ana, moderator, post, run_jobs):
    run_jobs()
    mail.outbox.clear()
    reports.report("post", post.pk, by=ana, reason="harm")
    MembershipFactory(group=group, user=moderator)
    run_jobs()

    assert mail.outbox == []


def test_where_every_moderator_has_a_part_in_it_the_reporter_is_told_so(client, ana, people, post):
    as_moderator(people[2])
    client.force_login(ana)

    answer = client.post(reverse("safety:report", args=["post", post.pk]), {"reason": "harm"}, follow=True)

    assert "No moderator is free to judge this now" in answer.content.decode()
    assert Report.objects.count() == 1


def test_members_of_the_chapter_that_owns_an_open_forum_judge_what_is_written_there(moderator):
    chapter = MembershipFactory(user=moderator).group
    topic = make_topic(make_forum(audience="members", group=chapter))

    made = reports.report("post", topic.first_post_id, by=UserFactory(), reason="rules")

    assert [row for row, _thing in reports.open_reports(moderator)] == [made]


def test_where_the_moderator_reads_anyway_the_queue_leads_there(client, moderator):
    seen, unseen = make_topic(make_forum("Coffee")), make_topic(make_forum("Cases", audience="practitioners"))
    for topic in (seen, unseen):
        by = UserFactory(practitioner=True)
        reports.report("post", topic.first_post_id, by=by, reason="rules")
    client.force_login(moderator)

    body = client.get(QUEUE).content.decode()

    assert f'href="{seen.get_absolute_url()}"' in body
    assert f"Coffee: {seen.subject}" in body
    assert unseen.get_absolute_url() not in body
    assert unseen.subject not in body


def test_the_author_learns_nothing_of_the_report(client, ana, post, thread, people, moderator, run_jobs):
    run_jobs()
    mail.outbox.clear()
    made = reports.report("post", post.pk, by=ana, reason="harm", words="Canary words")
    reports.close(made, by=moderator, outcome="left")
    run_jobs()
    client.force_login(people[1])

    assert [letter for letter in mail.outbox if letter.to not in ([moderator.email], [ana.email])] == []
    for path in (thread.get_absolute_url(), QUEUE, "/today/", reverse("safety:report", args=["post", post.pk])):
        assert "Canary" not in client.get(path).content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_costs_the_same_with_things_beside_one_report_and_twenty(
    client, group, ana, moderator, thread, people, django_assert_num_queries, count
):
    for _number in range(20):
        posting.reply(thread, by=people[1], body="On and on.")
        Post.objects.update(created=timezone.now() - timezone.timedelta(days=1))
    for each in thread.posts.order_by("-position")[:count]:
        beside = [shown.key for shown in kinds.get("post").beside(ana, each.pk)]
        reports.report("post", each.pk, by=ana, reason="rules", beside=beside)
    client.force_login(moderator)

    with django_assert_num_queries(13):  # what was ticked, the posts with the reported ones, and who is inside
        body = client.get(QUEUE).content.decode()

    assert body.count("Shown beside it") == count
