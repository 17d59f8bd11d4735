from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from community.members import blocks
from community.notices import kinds, outbox
from community.notices.models import Mail
from community.notices.tasks import say_what_is_in_doubt
from factories.members import UserFactory


@pytest.fixture
def greeting(tmp_path, settings):
    """A kind of letter that goes to people who are members when it is sent."""
    folder = tmp_path / "templates" / "tests"
    folder.mkdir(parents=True)
    (folder / "greeting_subject.txt").write_text("Hello\n{{ recipient.display_name }}")
    (folder / "greeting.txt").write_text("Number {{ number }}")
    (folder / "greeting.html").write_text("<p>Number {{ number }}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates", *settings.TEMPLATES[0]["DIRS"]]}]
    kinds.register(
        kinds.Kind("greeting", "tests/greeting", lambda user, number: {"number": number} if user.is_member else None)
    )
    yield
    del kinds._kinds["greeting"]


def test_a_letter_is_written_for_its_recipient_when_it_is_sent(greeting, run_jobs):
    user = UserFactory(display_name="Ada")

    outbox.queue("greeting", user, target_id=7)
    run_jobs()

    [letter] = mail.outbox
    assert (letter.subject, letter.body, letter.to) == ("Hello Ada", "Number 7", [user.email])
    assert "Number 7" in letter.alternatives[0].content
    assert Mail.objects.get().state == Mail.State.SENT


def test_a_letter_is_withheld_from_somebody_who_lost_their_standing_meanwhile(greeting, run_jobs):
    user = UserFactory()
    outbox.queue("greeting", user, target_id=7)

    type(user).objects.filter(pk=user.pk).update(standing="lapsed")
    run_jobs()

    assert mail.outbox == []
    assert Mail.objects.get().state == Mail.State.WITHHELD


def test_nothing_comes_from_a_blocked_person(greeting, run_jobs):
    user, other = UserFactory.create_batch(2)
    blocks.block(other, by=user)

    outbox.queue("greeting", user, target_id=7, actor=other)
    run_jobs()

    assert mail.outbox == []


def test_a_letter_and_its_job_go_with_the_transaction(greeting, db):
    def queue_and_fail():
        with transaction.atomic():
            outbox.queue("greeting", UserFactory(), target_id=7)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()

    assert not Mail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_job_that_runs_twice_sends_once(greeting, db):
    outbox.queue("greeting", UserFactory(), target_id=7)
    letter = Mail.objects.get()

    outbox.send(letter.pk)
    outbox.send(letter.pk)

    assert len(mail.outbox) == 1


def test_a_letter_that_was_claimed_and_not_marked_is_named_in_the_log_and_not_sent_again(greeting, db, caplog):
    outbox.queue("greeting", UserFactory(), target_id=7)
    Mail.objects.update(state=Mail.State.SENDING, claimed_at=timezone.now() - timedelta(hours=1))
    letter = Mail.objects.get()

    outbox.send(letter.pk)
    say_what_is_in_doubt(timestamp=0)

    assert mail.outbox == []
    assert list(outbox.in_doubt()) == [letter]
    assert caplog.messages == [f"Letters that may have been sent or not, and are not sent again: [{letter.pk}]"]


def test_nothing_in_doubt_is_nothing_in_the_log(greeting, db, caplog):
    outbox.queue("greeting", UserFactory(), target_id=7)

    say_what_is_in_doubt(timestamp=0)

    assert caplog.messages == []


def test_a_server_that_refuses_leaves_the_letter_queued(greeting, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    outbox.queue("greeting", UserFactory(), target_id=7)

    with pytest.raises(OSError, match="refused"):
        outbox.send(Mail.objects.get().pk)

    assert Mail.objects.get().state == Mail.State.QUEUED


def test_the_words_of_an_account_letter_are_gone_once_it_is_sent(db, run_jobs):
    outbox.queue_words(address="new@example.org", subject="Confirm", text="secret link", html="<p>secret link</p>")
    run_jobs()

    letter = Mail.objects.get()
    assert len(mail.outbox) == 1
    assert (letter.subject, letter.text, letter.html) == ("", "", "")


def test_an_unknown_kind_is_an_error_at_once(db):
    with pytest.raises(KeyError):
        outbox.queue("nonsense", UserFactory())


@pytest.fixture
def card(greeting):
    """A kind of letter that goes to addresses too, and says who its recipient is."""
    kinds.register(
        kinds.Kind("card", "tests/greeting", lambda user, number: {"number": str(user or "nobody")}, to_addresses=True)
    )
    yield
    del kinds._kinds["card"]


def test_a_letter_goes_to_an_address_where_nobody_has_an_account(card, run_jobs):
    outbox.queue_to_address("card", "new@example.org", target_id=7)
    run_jobs()

    [letter] = mail.outbox
    assert (letter.to, letter.body) == (["new@example.org"], "Number nobody")


def test_who_has_the_address_when_it_is_sent_is_the_recipient(card, run_jobs):
    outbox.queue_to_address("card", "Ada@example.org", target_id=7)
    UserFactory(email="ada@example.org", display_name="Ada")
    run_jobs()

    assert mail.outbox[0].body == "Number Ada"


def test_an_address_that_looks_alike_gets_nothing(card, run_jobs):
    UserFactory(email="mike@gma\u0131l.com", applicant=True)

    outbox.queue_to_address("card", "mike@gmail.com", target_id=7)
    run_jobs()

    [letter] = mail.outbox
    assert (letter.to, letter.body) == (["mike@gmail.com"], "Number nobody")


def test_an_address_is_spared_like_the_account_behind_it(card, run_jobs):
    other = UserFactory()
    blocker, _closed = UserFactory(email="a@example.org"), UserFactory(email="b@example.org", is_active=False)
    blocks.block(other, by=blocker)

    for address in ("a@example.org", "b@example.org"):
        outbox.queue_to_address("card", address, target_id=7, actor=other)
    run_jobs()

    assert mail.outbox == []


def test_a_kind_for_people_does_not_go_to_an_address(greeting, db):
    with pytest.raises(ValueError, match="people with an account"):
        outbox.queue_to_address("greeting", "new@example.org", target_id=7)
