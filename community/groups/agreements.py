"""The agreement of a group: the association's text for its kind, and what the group adds. Signed anew when it changes.

A new wording raises the `edition` of every group it counts for, in the transaction that publishes it: from that moment
on nobody is inside who has not signed it. Who signs or founds a group locks the association's present text first, so
that a publication waits for them and then counts for their group too.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.groups.membership import join, locked
from community.groups.models import Addition, Agreement, Group, Signature
from community.groups.permissions import is_facilitator
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit, markdown


@dataclass(frozen=True)
class Text:
    """All that is signed for one group: the wording of its kind and the group's own addition, in their versions."""

    edition: int
    agreement: Agreement
    addition: Addition | None

    @property
    def words(self) -> str:
        """The whole text as it was written, which the hash of a signature is of."""
        own = self.addition.body if self.addition else ""
        return f"{self.agreement.body}\n\n{own}".strip()

    @property
    def hash(self) -> str:
        """SHA-256 of the words in UTF-8, in hexadecimal digits."""
        return hashlib.sha256(self.words.encode()).hexdigest()

    @property
    def version(self) -> str:
        """Such as "3", or "3.2" for the second addition of the group."""
        return f"{self.agreement.version}.{self.addition.version}" if self.addition else f"{self.agreement.version}"

    @property
    def published_at(self) -> datetime:
        """Since when these words count."""
        own = self.addition.published_at if self.addition else None
        published = self.agreement.published_at or timezone.now()
        return max(published, own) if own else published

    @property
    def html(self) -> SafeString:
        return markdown.render_page(self.agreement.body)

    @property
    def addition_html(self) -> SafeString:
        return markdown.render_page(self.addition.body if self.addition else "")


@dataclass(frozen=True)
class Changes:
    """The lines that one wording has and another had not, and the other way round, without the marks of Markdown."""

    new: list[str]
    gone: list[str]


@dataclass(frozen=True)
class Reach:
    """How many groups pause for a new version until their members sign it, and how many members get a letter."""

    groups: int
    members: int

    def __str__(self) -> str:
        groups = ngettext("One group pauses", "%(count)s groups pause", self.groups) % {"count": self.groups}
        members = ngettext("one member gets", "%(count)s members get", self.members) % {"count": self.members}
        sentence = _("%(groups)s until their members have signed it, and %(members)s a letter.")
        return sentence % {"groups": groups, "members": members}


def current(kind: str) -> Agreement:
    """The association's text for this kind of group, as it counts today. There is one for each since the first day."""
    return Agreement.objects.published().filter(kind=kind).order_by("-version")[0]


def text_for(group: Group) -> Text:
    """What is to be signed for `group` now."""
    addition = group.additions.order_by("-version").first()
    return Text(group.edition, current(group.kind), addition if addition and addition.body else None)


def text_of(signature: Signature) -> Text:
    """What was signed then."""
    addition = signature.addition if signature.addition and signature.addition.body else None
    return Text(signature.edition, signature.agreement, addition)


def last_signature(group: Group, user: User) -> Signature | None:
    """What `user` signed last in `group`, whether it still counts or not."""
    signatures = Signature.objects.filter(group=group, user=user).select_related("agreement", "addition")
    return signatures.order_by("-edition", "-signed_at").first()


def changes(before: Text, now: Text) -> Changes:
    """What somebody who signed `before` reads in `now` for the first time, and what they read no more."""
    old, new = _lines(before.words), _lines(now.words)
    known, kept = set(old), set(new)
    return Changes([line for line in new if line not in known], [line for line in old if line not in kept])


def sign(group: Group, *, by: User, edition: int) -> Signature:
    """Sign the agreement of a group that `by` belongs to, and open it to them. Signing twice changes nothing.

    `edition` is that of the text that they read. Raises GroupRefused if it is not the present one, or if they do not
    belong to the group. They get a copy by mail.
    """
    with transaction.atomic():
        hold(group.kind)
        return _sign(locked(group, by), by, edition)


def join_and_sign(group: Group, *, by: User, edition: int) -> Signature:
    """Come into an open group by signing its agreement, both or neither. Raises as `join` and `sign` do."""
    with transaction.atomic():
        hold(group.kind)
        join(group, by=by)
        return _sign(locked(group, by), by, edition)


def draft(kind: str, body: str) -> Agreement:
    """Begin a new version of the text for a kind of group. It counts for nobody yet."""
    return Agreement.objects.create(kind=kind, body=_tidy(body))


def revise(version: Agreement, *, body: str) -> Agreement:
    """Change the words of a draft. Raises GroupRefused if it was published meanwhile."""
    with transaction.atomic():
        fresh = _locked_draft(version)
        fresh.body = _tidy(body)
        fresh.save(update_fields=["body"])
    return fresh


def discard(version: Agreement) -> None:
    """Throw a draft away. Raises GroupRefused if it was published: what people signed stays."""
    with transaction.atomic():
        _locked_draft(version).delete()


def publish(draft: Agreement, *, by: User, counsel_confirmed: bool) -> Agreement:
    """Make a draft the text that counts from now on for every group of its kind, and ask their members to sign it.

    Raises GroupRefused if it was published before, if its words are those that count already, or if nobody confirms
    that the association's counsel has seen it.
    """
    if not counsel_confirmed:
        raise GroupRefused(_("Please confirm that the association's counsel has looked at this wording."))
    with transaction.atomic():
        present = hold(draft.kind)
        fresh = _locked_draft(draft)
        if _tidy(fresh.body) == _tidy(present.body):
            raise GroupRefused(_("These words count already. Nobody would sign anything new."))
        now = timezone.now()
        fresh.version, fresh.published_at = (present.version or 0) + 1, now
        fresh.counsel_confirmed_at, fresh.counsel_confirmed_by = now, by
        fresh.save()
        Group.objects.filter(kind=fresh.kind).update(edition=F("edition") + 1)
        audit.write("agreement.published", by=by, on=fresh)
        outbox.queue_all("agreement_changed", _members_of(fresh.kind), target_id=fresh.pk)
    return fresh


def reach(kind: str) -> Reach:
    """Whom a new version for groups of this kind concerns today."""
    return Reach(Group.objects.filter(kind=kind, archived_at=None).count(), _members_of(kind).count())


def confirm_counsel(agreement: Agreement, *, by: User) -> None:
    """Note once that the association's counsel has looked at a published version. A second time changes nothing."""
    with transaction.atomic():
        row = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if row.counsel_confirmed_at or row.version is None:
            return
        row.counsel_confirmed_at, row.counsel_confirmed_by = timezone.now(), by
        row.save(update_fields=["counsel_confirmed_at", "counsel_confirmed_by"])
        audit.write("agreement.seen_by_counsel", by=by, on=row)


def write_addition(group: Group, *, by: User, body: str) -> Addition | None:
    """Publish what the group adds to the agreement; empty words take the last addition back.

    Everybody but its writer has to sign anew: the writer signs with the publication. The same words change nothing.
    Raises GroupRefused where `by` does not lead the group, and where the group is archived.
    """
    with transaction.atomic():
        hold(group.kind)
        group = locked(group, by)
        if not is_facilitator(by, group):
            raise GroupRefused(_("Only its facilitators add to a group's agreement."))
        if group.archived_at:
            raise GroupRefused(_("This group is archived. Its agreement stays as it is."))
        last, body = group.additions.order_by("-version").first(), _tidy(body)
        if body == (last.body if last else ""):
            return last
        version = last.version + 1 if last else 1
        made = Addition.objects.create(group=group, version=version, body=body, written_by=by)
        group.edition += 1
        group.save(update_fields=["edition"])
        audit.write("group.agreement.changed", by=by, on=group)
        _sign(group, by, group.edition)
        others = User.objects.members().filter(memberships__in=group.memberships.current()).exclude(pk=by.pk)
        outbox.queue_all("addition_changed", others, target_id=made.pk)
    return made


def hold(kind: str) -> Agreement:
    """The present text of this kind, which stays the present one until the transaction ends.

    The lock is on the first version, which every later one stands behind.
    """
    Agreement.objects.select_for_update(no_key=True).get(kind=kind, version=1)
    return current(kind)


def _sign(group: Group, by: User, edition: int) -> Signature:
    own = group.memberships.of(by).first()
    if own is None or not by.is_member:
        raise GroupRefused(_("You do not belong to this group."))
    text = text_for(group)
    if edition != text.edition:
        raise GroupRefused(_("The agreement has changed while you were reading. Please look at it once more."))
    if own.signed_edition == text.edition:
        return Signature.objects.filter(group=group, user=by, edition=text.edition).latest("signed_at")
    signature = Signature.objects.create(
        group=group,
        user=by,
        agreement=text.agreement,
        addition=text.addition,
        edition=text.edition,
        text_hash=text.hash,
    )
    own.signed_edition = text.edition
    own.save(update_fields=["signed_edition"])
    audit.write("group.agreement.signed", by=by, on=group)
    outbox.queue("group_signed", by, target_id=signature.pk)
    return signature


def _members_of(kind: str) -> QuerySet[User]:
    """Who is asked to sign what groups of this kind agree on."""
    theirs = {"memberships__group__kind": kind, "memberships__group__archived_at": None}
    return User.objects.members().filter(memberships__left_at=None, **theirs).distinct()


def _locked_draft(version: Agreement) -> Agreement:
    fresh = Agreement.objects.select_for_update().filter(pk=version.pk, version=None).first()
    if fresh is None:
        raise GroupRefused(_("This version is published already. A new wording is a new version."))
    return fresh


def _tidy(body: str) -> str:
    """The words as they are kept and hashed: one kind of line break, whatever the browser sent."""
    return markdown.without_controls(body).strip()


def _lines(words: str) -> list[str]:
    return [line for line in (re.sub(r"^[\s#>*-]+|\*+$", "", line) for line in words.splitlines()) if line]
