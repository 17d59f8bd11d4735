"""Things that moderators hide by a report, and put back. Nothing else of them is changed meanwhile.

Who may is asked by what decides on the report, or on the appeal against it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.safety import kinds
from core import audit

INSIDE = ".inside"  # ends the word for what was put back by who leads the group, who judges appeals in it


@dataclass(frozen=True)
class Hiding:
    """How rows of `model`, which has a `hidden_at`, are hidden. `hidden` and `restored` are words of the audit trail,
    the second also with `INSIDE`; `about(row)` is the thing and the person that its rows are about, `is_inside(by,
    row)` whether somebody acts from inside of the group that a row belongs to."""

    model: type[Model]
    hidden: str
    restored: str
    about: Callable[[Any], tuple[Model, User | None]]
    is_inside: Callable[[User, Any], bool]

    def hide(self, target_id: int, by: User) -> None:
        """Hide one row. A second time changes nothing."""
        with transaction.atomic():
            row = self._locked(target_id)
            if row is not None and row.hidden_at is None:
                self._set(row, timezone.now())
                self._note(self.hidden, row, by)

    def put_back(self, target_id: int, by: User) -> None:
        """Undo that. A second time changes nothing. Raises `kinds.Refused` for what is gone."""
        with transaction.atomic():
            row = self._locked(target_id)
            if row is None:
                raise kinds.Refused(_("It is not there any more."))
            if row.hidden_at is not None:
                self._set(row, None)
                self._note(f"{self.restored}{INSIDE if self.is_inside(by, row) else ''}", row, by)

    def _locked(self, target_id: int) -> Any:
        return self.model._default_manager.select_for_update(of=("self",)).filter(pk=target_id).first()

    def _set(self, row: Any, moment: Any) -> None:
        self.model._default_manager.filter(pk=row.pk).update(hidden_at=moment)

    def _note(self, action: str, row: Any, by: User) -> None:
        thing, person = self.about(row)
        audit.write(action, by=by, on=thing, person=person)
