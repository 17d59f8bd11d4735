"""Two members of staff do the same thing at the same moment."""

import os
import time

import pytest
from django.db import connection

from community.members import standing
from community.members.models import Policy, User
from community.members.policies import PolicyRefused, publish
from community.members.standing import StandingRefused
from community.notices.models import Mail
from factories.members import UserFactory

DONE, REFUSED = 0, 3


def at_once(function, times: int = 3) -> list[int]:
    """Run `function` in so many processes that begin together; what each of them returned."""
    gate, opener = os.pipe()
    connection.close()
    children = []
    for _child in range(times):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.read(gate, 1)
                status = function()
            finally:
                os._exit(status)
        children.append(pid)
    time.sleep(0.3)
    os.write(opener, b"g" * times)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    os.close(gate)
    os.close(opener)
    return sorted(statuses)


def admit(applicant, by) -> int:
    """Admit somebody, slowly between the look at their standing and the change of it."""
    confirmed = standing.has_confirmed_address

    def look_slowly(user):
        time.sleep(0.5)
        return confirmed(user)

    standing.has_confirmed_address = look_slowly
    try:
        standing.admit(applicant, by=by)
    except StandingRefused:
        return REFUSED
    return DONE


@pytest.fixture
def people(fresh_database):
    return UserFactory(applicant=True, confirmed=True), UserFactory(superuser=True)


def test_without_the_lock_an_applicant_is_admitted_as_often_as_somebody_clicks(people):
    applicant, admin = people

    def unlocked() -> int:
        type(User.objects).select_for_update = lambda manager, **options: manager.all()
        return admit(applicant, admin)

    assert at_once(unlocked) == [DONE, DONE, DONE]
    assert Mail.objects.filter(kind="admitted").count() == 3


def test_an_applicant_is_admitted_and_written_to_once(people):
    applicant, admin = people

    assert at_once(lambda: admit(applicant, admin)) == [DONE, REFUSED, REFUSED]
    assert Mail.objects.filter(kind="admitted").count() == 1


def test_a_draft_that_two_publish_at_once_becomes_one_version(fresh_database):
    draft = Policy.objects.create(kind="community_rules", body="New words")

    def publish_it() -> int:
        try:
            publish(draft)
        except PolicyRefused:
            return REFUSED
        return DONE

    assert at_once(publish_it) == [DONE, REFUSED, REFUSED]
    assert list(Policy.objects.filter(kind="community_rules").values_list("version", flat=True)) == [2, 1]
