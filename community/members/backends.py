"""How somebody is known again at each request."""

from collections.abc import Callable

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Expression, OuterRef, Q

from community.members.models import User
from community.notices.bell import unread_by
from core.prepared import Prepared

_known: dict[str, Expression] = {"unread_notices": unread_by(OuterRef("pk"))}
_for_removed: list[Callable[[User], None]] = []
_person = Prepared(lambda pk: User.objects.filter(pk=pk).annotate(**_known))
_permissions = Prepared(
    lambda pk: (
        Permission.objects.filter(Q(user=pk) | Q(group__user=pk))
        .values_list("content_type__app_label", "codename")
        .order_by()
    )
)


def know(name: str, expression: Expression) -> None:
    """Have the row of whoever is logged in carry one more thing that a room knows of them. Called in `AppConfig.ready`;
    `OuterRef("pk")` is theirs."""
    _known[name] = expression


def on_removed(look: Callable[[User], None]) -> None:
    """Have `look(user)` see whoever is removed, at each of their requests: their time out may be over. Called in
    `AppConfig.ready`."""
    _for_removed.append(look)


class AccountBackend(AuthenticationBackend):
    """allauth's log-in by e-mail address, and Django's permissions. The row is read anew at every request."""

    def get_user(self, user_id: int) -> User | None:
        user = _person.first(user_id)
        if user is not None and user.standing == User.Standing.REMOVED:
            for look in _for_removed:
                look(user)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        """As Django has it, with a person's own permissions and those of their roles in one query. Whoever is removed
        has none, whatever their roles."""
        if getattr(user_obj, "standing", "") == User.Standing.REMOVED:
            return set()
        is_asked = user_obj.is_active and not user_obj.is_superuser and obj is None
        if is_asked and user_obj.pk and not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {f"{label}.{name}" for label, name in _permissions(user_obj.pk)}
        return super().get_all_permissions(user_obj, obj)
