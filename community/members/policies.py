"""The privacy notice and the community rules: versions of a text, and who accepted which."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import Acceptance, Policy, User


class PolicyRefused(Exception):
    """Why a text cannot be changed, as a sentence for staff."""


def current(kind: str) -> Policy | None:
    """The version that counts today; None where the text was never published."""
    return Policy.objects.current().filter(kind=kind).first()


def publish(draft: Policy) -> Policy:
    """Make a draft the version that counts from now on. Raises PolicyRefused if it was published before."""
    with transaction.atomic():
        versions = list(Policy.objects.select_for_update().filter(kind=draft.kind).order_by("pk"))
        fresh = next((policy for policy in versions if policy.pk == draft.pk), None)
        if fresh is None or fresh.version is not None:
            raise PolicyRefused(_("This version is published already. A new wording is a new version."))
        fresh.version = max((policy.version or 0 for policy in versions), default=0) + 1
        fresh.published_at = timezone.now()
        fresh.save(update_fields=["version", "published_at"])
    draft.version, draft.published_at = fresh.version, fresh.published_at
    return draft


def accept_current(user: User) -> None:
    """Record that `user` accepted the texts that count now. Accepting twice changes nothing."""
    accepted = [Acceptance(user=user, policy=policy) for policy in Policy.objects.current()]
    Acceptance.objects.bulk_create(accepted, ignore_conflicts=True)


def has_accepted(user: User) -> bool:
    """Whether `user` ever accepted a version of our texts: somebody who was invited has not, until they come."""
    return Acceptance.objects.filter(user=user).exists()
