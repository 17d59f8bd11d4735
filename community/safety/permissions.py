"""Who reads reports and acts on them."""

from django.contrib.auth.models import Permission
from django.db.models import Q

from community.members.models import User


def may_moderate(user) -> bool:
    """Members in good standing whom staff gave the permission."""
    return bool(getattr(user, "is_member", False) and user.has_perm("safety.moderate"))


def moderators():
    """The same people, as rows."""
    permission = Permission.objects.filter(content_type__app_label="safety", codename="moderate")
    held = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission) | Q(is_superuser=True)
    return User.objects.members().filter(held).distinct()
