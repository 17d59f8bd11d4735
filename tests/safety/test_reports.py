import pytest
from django.core import mail
from django.urls import reverse

from community.discussions.models import Post
from community.safety import kinds, queue, reports
from community.safety.models import Report
from factories.discussions import make_topic
from factories.members import UserFactory, as_moderator


@pytest.fixture
def author(db):
    return UserFactory(display_name="The Author")


@pytest.fixture
def moderator(db):
    return as_moderator(UserFactory())


@pytest.fixture
def note(author):
    """A reportable kind of thing: note 7 is seen by members, and remembers that it was hidden."""
    hidden = []
    kinds.register(
        kinds.Kind(
            "note",
            may_see=lambda user, pk: pk == 7 and user.is_member,
            disclose=lambda pks, moderator: {
                pk: kinds.Disclosed(author.pk, author.display_name, "<p>Words</p>", "A place", bool(hidden))
                for pk in pks
                if pk == 7
            },
            hide=lambda pk, by: hidden.append(pk),
        )
    )
    yield hidden
    del kinds._kinds["note"]


def test_a_report_reaches_the_moderators_without_its_words(note, moderator, run_jobs):
    reports.report("note", 7, by=UserFactory(), reason="client", words="It names a street.")
    run_jobs()

    [letter] = mail.outbox
    assert letter.to == [moderator.email]
    assert "street" not in letter.subject + letter.body


def test_danger_comes_first(note, moderator):
    reports.report("note", 7, by=UserFactory(), reason="rules")
    urgent = reports.report("note", 7, by=UserFactory(), reason="danger")

    (first, _disclosed), *_rest = reports.open_reports(moderator)
    assert first == urgent


def test_the_same_person_reports_once(note):
    member = UserFactory()
    reports.report("note", 7, by=member, reason="rules")

    with pytest.raises(reports.ReportRefused, match="already"):
        reports.report("note", 7, by=member, reason="harm")


def test_what_cannot_be_seen_cannot_be_reported(note):
    with pytest.raises(reports.ReportRefused):
        reports.report("note", 8, by=UserFactory(), reason="rules")


def test_a_moderator_does_not_judge_their_own_words(note, author):
    author = as_moderator(author)
    author = type(author).objects.get(pk=author.pk)
    made = reports.report("note", 7, by=UserFactory(), reason="rules")

    assert reports.open_reports(author) == []
    with pytest.raises(reports.ReportRefused, match="another moderator"):
        reports.close(made, by=author, outcome="left")


def test_hiding_hides_and_closes(note, moderator):
    made = reports.report("note", 7, by=UserFactory(), reason="client")

    reports.close(made, by=moderator, outcome="hidden")

    made.refresh_from_db()
    assert note == [7]
    assert (made.outcome, made.closed_by) == ("hidden", moderator)


def test_two_moderators_do_not_decide_one_report(note, moderator):
    made = reports.report("note", 7, by=UserFactory(), reason="client")
    reports.close(made, by=moderator, outcome="left")

    with pytest.raises(reports.ReportRefused, match="has decided"):
        reports.close(made, by=moderator, outcome="hidden")
    assert note == []


def test_the_pages_are_404_for_those_they_are_not_for(client, note, moderator):
    made = reports.report("note", 7, by=UserFactory(), reason="client")
    close = reverse("safety:close", args=[made.pk])
    client.force_login(UserFactory())

    assert client.get(reverse("safety:queue")).status_code == 404
    assert client.post(close, {"outcome": "hidden"}).status_code == 404
    assert client.get(reverse("safety:report", args=["note", 8])).status_code == 404
    assert client.get(reverse("safety:report", args=["nonsense", 7])).status_code == 404
    assert client.get("/report/note/99999999999999999999999/").status_code == 404
    client.force_login(moderator)
    assert client.post(close, {"outcome": "nonsense"}).status_code == 404
    assert note == []


def test_a_member_reports_through_the_page_and_a_moderator_decides(client, note, moderator):
    client.force_login(UserFactory())
    url = reverse("safety:report", args=["note", 7])

    refused = client.post(url, {"words": "kept words"})
    assert refused.status_code == 422
    assert "kept words" in refused.content.decode()
    sent = client.post(url, {"reason": "client", "words": "", "next": "https://evil.example/"})
    assert sent.url == "/discussions/"

    client.force_login(moderator)
    queue = client.get(reverse("safety:queue"))
    assert "<p>Words</p>" in queue.content.decode()
    client.post(reverse("safety:close", args=[Report.objects.get().pk]), {"outcome": "hidden", "reason": "Why."})
    assert note == [7]


def test_a_moderator_finds_the_reports_from_the_account_page(client, moderator):
    way = f'href="{reverse("safety:queue")}"'

    client.force_login(moderator)
    for_moderator = client.get(reverse("members:account")).content.decode()
    client.force_login(UserFactory())
    for_others = client.get(reverse("members:account")).content.decode()

    assert way in for_moderator
    assert way not in for_others


def test_a_moderator_is_not_told_that_a_report_about_them_waits(note, author):
    author = as_moderator(author)
    author = type(author).objects.get(pk=author.pk)

    reports.report("note", 7, by=UserFactory(), reason="rules")

    assert queue.count(author) == 0


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_costs_the_same_for_one_report_and_for_twenty(client, moderator, django_assert_num_queries, count):
    make_topic(replies=count)
    reporter = UserFactory(practitioner=True)
    for post in Post.objects.filter(position__gt=1):
        reports.report("post", post.pk, by=reporter, reason="rules")
    client.force_login(moderator)

    with django_assert_num_queries(13):
        body = client.get(reverse("safety:queue")).content.decode()

    assert body.count("Leave it as it is") == count
