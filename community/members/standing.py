"""Standing: who is let in, who has lapsed, whose licence was checked; and who is out until moderators or the clock say
otherwise.

Each function locks the person's row, changes it, writes the change into the log that staff read and into the audit
trail, and queues the letter that tells of it, all in one transaction. Losing standing counts on the person's next
request.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.members import permissions
from community.members.models import User
from community.members.names import tidy
from community.notices import outbox
from core import audit

Standing = User.Standing


class StandingRefused(Exception):
    """Why it cannot be done, as a sentence that staff can read."""


@contextmanager
def _locked(user: User, by: User) -> Iterator[User]:
    """The person's row, locked until the transaction ends; `user` shows what became of it afterwards."""
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not permissions.may_manage(by, row):
            raise StandingRefused(_("You may not change this account."))
        yield row
    user.refresh_from_db(fields=[field.name for field in User._meta.concrete_fields])


def admit(user: User, *, by: User) -> None:
    """Make an applicant an active member, and write to them."""
    with _locked(user, by) as row:
        if not row.is_active:
            raise StandingRefused(_("The account of %(name)s is closed. Open it again first.") % {"name": row})
        if row.standing != Standing.APPLICANT:
            raise StandingRefused(_("%(name)s is no applicant any more.") % {"name": row})
        if not has_confirmed_address(row):
            raise StandingRefused(_("%(name)s has not confirmed the e-mail address yet.") % {"name": row})
        _set(row, "members.admit", by, standing=Standing.ACTIVE)
        outbox.queue("admitted", row)


def lapse(user: User, *, by: User) -> None:
    """End an active membership. The account stays, and sees what the world sees."""
    with _locked(user, by) as row:
        if row.standing != Standing.ACTIVE:
            raise StandingRefused(_("%(name)s is not an active member.") % {"name": row})
        _set(row, "members.lapse", by, standing=Standing.LAPSED)


def reinstate(user: User, *, by: User) -> None:
    """Make a lapsed member an active one again."""
    with _locked(user, by) as row:
        if row.standing != Standing.LAPSED:
            raise StandingRefused(_("The membership of %(name)s has not lapsed.") % {"name": row})
        _set(row, "members.reinstate", by, standing=Standing.ACTIVE)


def remove(user: User, *, by: User) -> None:
    """Shut an active member out of all that is not the world's, groups too. The account stays, and what is in it.

    For the moderation, which asks who may, says why and until when, and writes the audit row; nobody else asks for it.
    A second time changes nothing. Raises StandingRefused for administrators, who hand over their role first, and for
    whoever is no member.
    """
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if row.standing == Standing.REMOVED:
            return
        if row.is_superuser:
            raise StandingRefused(_("This member can't be removed by you. Who is an administrator is said by staff."))
        if not row.is_member:
            raise StandingRefused(_("%(name)s is not an active member.") % {"name": row})
        _stand(row, Standing.REMOVED, "members.remove", by)
    user.standing = row.standing


def readmit(user: User, *, by: User | None) -> None:
    """Give a removed member back the standing that they had: only active members are removed. Somebody who was not
    removed keeps theirs. `by` is None where the clock does it; the audit row is the moderation's, as above.
    """
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if row.standing == Standing.REMOVED:
            _stand(row, Standing.ACTIVE, "members.readmit", by)
    user.standing = row.standing


def check_licence(
    user: User,
    *,
    by: User,
    on: datetime.date,
    expires_on: datetime.date | None,
    jurisdiction: str,
    number: str,
) -> None:
    """Record that staff looked a licence up: on which day, where, its number, and the day it runs out (None: never).

    Both days are the jurisdiction's calendar days. From now on the person cannot change jurisdiction and number.
    """
    jurisdiction, number = jurisdiction.strip(), number.strip()
    if not jurisdiction or not number:
        raise StandingRefused(_("A check needs the jurisdiction and the number of the license."))
    if on > timezone.localdate():
        raise StandingRefused(_("A license cannot have been checked on a day to come."))
    if expires_on is not None and expires_on < on:
        raise StandingRefused(_("This license had run out before the day it was checked."))
    with _locked(user, by) as row:
        _set(
            row,
            "members.check_licence",
            by,
            licence_jurisdiction=jurisdiction,
            licence_number=number,
            licence_checked_on=on,
            licence_expires_on=expires_on,
            licence_checked_by=by,
        )


def withdraw_check(user: User, *, by: User) -> None:
    """Take a licence check back: the person is a member like others until it is checked again."""
    with _locked(user, by) as row:
        if row.licence_checked_on is None:
            raise StandingRefused(_("No license of %(name)s was checked.") % {"name": row})
        _set(
            row,
            "members.withdraw_check",
            by,
            licence_checked_on=None,
            licence_expires_on=None,
            licence_checked_by=None,
        )


def invite(email: str, name: str, *, by: User) -> User:
    """Open an account for somebody the association knows, as an active member, and mail them a link to come in.

    The link proves the address, so it counts as confirmed: without a password there is no other way in.
    """
    if not permissions.may_decide_standing(by):
        raise StandingRefused(_("You may not invite people."))
    taken = StandingRefused(_("Somebody has an account with this address."))
    email = email.strip().lower()
    with transaction.atomic():
        if User.objects.at_address(email).exists():
            raise taken
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, display_name=tidy(name), standing=Standing.ACTIVE)
                confirm_address(user)
        except IntegrityError as error:
            raise taken from error
        _note(user, "members.invite", by)
        outbox.queue("invited", user)
    return user


def close(user: User, *, by: User) -> None:
    """Close an account: nobody can log in to it, and whoever is in it is out at once."""
    with _locked(user, by) as row:
        if row.pk == by.pk:
            raise StandingRefused(_("Somebody else has to close your account."))
        _set(row, "members.close", by, is_active=False)
        for session in UserSession.objects.filter(user=row):
            session.end()


def reopen(user: User, *, by: User) -> None:
    """Open a closed account again, with the standing it had."""
    with _locked(user, by) as row:
        _set(row, "members.reopen", by, is_active=True)


def has_confirmed_address(user: User) -> bool:
    """Whether the person showed that their present e-mail address is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def confirm_address(user: User) -> None:
    """Take an address as confirmed, where somebody else vouches for it (an invitation, an import)."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )


def _stand(row: User, standing: str, action: str, by: User | None) -> None:
    row.standing = standing
    row.save(update_fields=["standing"])
    log(row, action, user=by)


def _set(row: User, action: str, by: User, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    _note(row, action, by)


def _note(row: User, action: str, by: User) -> None:
    log(row, action, user=by)
    audit.write(action, by=by, person=row)
