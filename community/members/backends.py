"""How somebody is known again at each request."""

from allauth.account.auth_backends import AuthenticationBackend

from community.members.models import User
from core.prepared import Prepared

_person = Prepared(lambda pk: User.objects.filter(pk=pk))


class AccountBackend(AuthenticationBackend):
    """allauth's log-in by e-mail address, and Django's permissions. The row is read anew at every request."""

    def get_user(self, user_id: int) -> User | None:
        user = _person.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
