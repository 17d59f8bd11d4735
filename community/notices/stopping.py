"""Stopping letters without logging in, by what one of them carries (RFC 8058)."""

from community.notices import kinds, preferences
from community.notices.digests import KIND
from community.notices.envelope import read_stop
from community.notices.kinds import Kind

_DIGESTS = {name: frequency for frequency, name in KIND.items()}


def kind_of(token: str) -> Kind:
    """The kind of letter that carried this token. ValueError where it is none of ours."""
    return _read(token)[0]


def stop(token: str, *, whole_kind: bool = False) -> None:
    """No more of what the letter is about, where its kind knows what that is; else, and with `whole_kind`, no more
    letters of its kind. ValueError where the token is none of ours."""
    kind, target_id, user_id = _read(token)
    if kind.name in _DIGESTS:
        preferences.no_more_digests(user_id, _DIGESTS[kind.name])
    elif kind.stop is None or whole_kind or target_id is None:
        preferences.no_more(user_id, [kind.name])
    else:
        kind.stop(user_id, target_id)


def _read(token: str) -> tuple[Kind, int | None, int]:
    name, target_id, user_id = read_stop(token)
    try:
        return kinds.get(name), target_id, user_id
    except KeyError as error:
        raise ValueError("No kind of letter any more.") from error
