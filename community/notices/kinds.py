"""The kinds of letter. A room registers its own in `AppConfig.ready`, with the function that decides at sending."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    `context(recipient, target_id)` is asked at the moment of sending. It loads the target through `visible_to` and
    returns the template's context, or None where the recipient may not see it (any more) or it is no longer true.
    `template` is the stem of three files: `<stem>_subject.txt`, `<stem>.txt` and `<stem>.html`.

    With `to_addresses` it may go to an address where nobody has an account: then `recipient` is None, for `context` and
    for the templates.
    """

    name: str
    template: str
    context: Callable[..., dict | None]
    to_addresses: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind called `name`; KeyError where no room registered it."""
    return _kinds[name]
