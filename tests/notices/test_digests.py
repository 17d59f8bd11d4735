from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community.discussions import following, posting
from community.members import blocks
from community.notices import bell, digests, preferences
from community.notices.models import Digest, Mail, Notice
from factories.discussions import make_topic
from factories.members import UserFactory

MORNING = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)  # a Monday, 9 o'clock in New York, the day after clocks change


@pytest.fixture
def reader(db):
    person = UserFactory(time_zone="America/New_York")
    preferences.choose(by=person, of_kinds={"reply": "daily"})
    return person


def something_for(reader, run_jobs, at: datetime, frequency: str = "daily"):
    """A reply in a thread that they follow, told at that moment."""
    topic = make_topic(by=reader, replies=1)
    run_jobs()
    Notice.objects.filter(user=reader).update(made_at=at, waits_for=frequency)
    mail.outbox.clear()
    return topic


@pytest.mark.parametrize(
    ("zone", "frequency", "now", "morning"),
    [
        ("America/New_York", "daily", "2026-03-09T10:59Z", None),
        ("America/New_York", "daily", "2026-03-09T11:00Z", "2026-03-09T11:00Z"),
        ("America/New_York", "daily", "2026-03-07T12:05Z", "2026-03-07T12:00Z"),
        ("America/New_York", "daily", "2026-03-10T00:30Z", None),
        ("Asia/Kolkata", "daily", "2026-03-09T02:05Z", "2026-03-09T01:30Z"),
        ("Pacific/Kiritimati", "daily", "2026-03-08T17:05Z", "2026-03-08T17:00Z"),
        ("America/New_York", "weekly", "2026-03-09T11:05Z", "2026-03-09T11:00Z"),
        ("America/New_York", "weekly", "2026-03-11T15:00Z", "2026-03-09T11:00Z"),
    ],
)
def test_the_last_morning_is_by_the_members_own_clock(zone, frequency, now, morning):
    found = digests.last_morning(frequency, zone, datetime.fromisoformat(now))

    assert found == (morning and datetime.fromisoformat(morning))


def test_a_digest_comes_once_in_the_morning(reader, run_jobs):
    something_for(reader, run_jobs, MORNING - timedelta(hours=20))

    early = digests.send_due(now=MORNING.replace(hour=10))
    counts = [digests.send_due(now=MORNING + timedelta(hours=later)) for later in (0, 1, 2, 24)]
    run_jobs()

    assert (early, counts) == (0, [1, 0, 0, 0])
    (letter,) = mail.outbox
    assert letter.to == [reader.email]
    assert letter.subject == "Your day at Collegial"


def test_what_was_told_after_the_morning_waits_for_the_next(reader, run_jobs):
    something_for(reader, run_jobs, MORNING)

    assert digests.send_due(now=MORNING + timedelta(hours=3)) == 0
    assert digests.send_due(now=MORNING + timedelta(hours=24)) == 1


def test_a_weekly_one_comes_on_monday(reader, run_jobs):
    preferences.choose(by=reader, of_kinds={"reply": "weekly"})
    something_for(reader, run_jobs, MORNING + timedelta(days=1), "weekly")

    counts = [digests.send_due(now=MORNING + timedelta(days=days)) for days in range(2, 9)]

    assert counts == [0, 0, 0, 0, 0, 1, 0]


def _reads_it(reader, topic):
    reader.unread_notices = 1
    bell.mark_seen(reader, ["reply"], [topic.last_post_id])


def _reads_the_list(reader, topic):
    bell.mark_all_read(reader)


def _reads_the_thread(reader, topic):
    topic.marks.filter(user=reader).update(read_to=topic.posts_count)


def _wants_none(reader, topic):
    preferences.choose(by=reader, of_kinds={"reply": "never"})


def _wants_none_of_the_forum(reader, topic):
    preferences.choose(by=reader, of_places={topic.forum_id: "never"})


def _mutes(reader, topic):
    following.mute(topic, by=reader)


def _blocks(reader, topic):
    blocks.block(topic.posts.get(position=2).poster, by=reader)


def _lapses(reader, topic):
    type(reader).objects.filter(pk=reader.pk).update(standing="lapsed")


@pytest.mark.parametrize(
    "happens",
    [
        _reads_it,
        _reads_the_list,
        _reads_the_thread,
        _wants_none,
        _wants_none_of_the_forum,
        _mutes,
        _blocks,
        _lapses,
    ],
)
@pytest.mark.parametrize("is_queued", [False, True], ids=["before it is queued", "before it is sent"])
def test_a_digest_is_never_empty(reader, run_jobs, happens, is_queued):
    topic = something_for(reader, run_jobs, MORNING - timedelta(hours=20))
    if is_queued:
        assert digests.send_due(now=MORNING) == 1

    happens(reader, topic)
    digests.send_due(now=MORNING)
    run_jobs()

    assert mail.outbox == []


def test_a_server_that_refuses_loses_nothing_of_a_digest(reader, run_jobs, settings):
    from community.notices import outbox

    something_for(reader, run_jobs, MORNING - timedelta(hours=20))
    digests.send_due(now=MORNING)
    letter = Mail.objects.get(kind="digest_daily")
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        outbox.send(letter.pk)

    settings.EMAIL_BACKEND = backend
    outbox.send(letter.pk)

    assert "new repl" in mail.outbox[0].body or "replied" in mail.outbox[0].body


def test_a_long_digest_counts_the_rest(reader, run_jobs):
    preferences.choose(by=reader, of_kinds={"reply": "daily"})
    for _thread in range(digests.LONGEST + 2):
        topic = make_topic()
        following.follow(topic, by=reader)
        posting.reply(topic, by=UserFactory(), body="Words")
    run_jobs()
    mail.outbox.clear()

    digests.send_due(now=(timezone.now() + timedelta(days=1)).replace(hour=16))
    run_jobs()

    (letter,) = [letter for letter in mail.outbox if letter.to == [reader.email]]
    assert "And 2 more on the site" in letter.body
    assert letter.body.count("* ") == digests.LONGEST


def test_digests_of_many_cost_few_queries(run_jobs, django_assert_max_num_queries, db):
    for _person in range(12):
        reader = UserFactory()
        preferences.choose(by=reader, of_kinds={"reply": "daily"})
        something_for(reader, run_jobs, MORNING - timedelta(hours=20))

    with django_assert_max_num_queries(12):
        assert digests.send_due(now=MORNING) == 12
    assert Digest.objects.count() == 12


def test_old_notices_go_after_90_days(reader, run_jobs):
    something_for(reader, run_jobs, MORNING - timedelta(hours=20))
    digests.send_due(now=MORNING)
    Notice.objects.update(made_at=timezone.now() - timedelta(days=91))
    Digest.objects.update(made_at=timezone.now() - timedelta(days=91))

    assert bell.page(reader).notices == []
    assert bell.expire() == 1
    assert not Digest.objects.exists()
