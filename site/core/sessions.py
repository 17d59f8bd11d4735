"""Sessions as Django keeps them in the database, read by a prepared query: nearly every request of a member asks it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.prepared import Prepared

_current = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(DatabaseStore):
    def _get_session_from_db(self):
        session = _current.first(self.session_key, timezone.now())
        if session is None:
            self._session_key = None
        return session
