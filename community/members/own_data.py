"""What this room keeps about one person, for `core.own_data`."""

from collections.abc import Iterator, Mapping

from community.members.models import Acceptance, Block, User
from core import own_data

ACCOUNT = (
    *("email", "display_name", "pronouns", "discipline", "credentials", "city", "region", "time_zone", "bio", "hidden"),
    *("standing", "date_joined", "last_login", "licence_jurisdiction", "licence_number", "licence_expires_on"),
    "licence_checked_on",
)


def account(user: User) -> Iterator[Mapping]:
    interests = list(user.interests.values_list("name", flat=True))
    picture = user.picture.url if user.picture else ""
    yield {name: getattr(user, name) for name in ACCOUNT} | {"interests": interests, "picture": picture}


def accepted(user: User) -> Iterator[Mapping]:
    rows = Acceptance.objects.filter(user=user).values_list("policy__kind", "policy__version", "accepted_at")
    for kind, version, moment in own_data.read(rows):
        yield {"text": kind, "version": version, "accepted_at": moment}


def blocked(user: User) -> Iterator[Mapping]:
    """Whom `user` blocks, by name only where they may look them up."""
    seen = User.objects.visible_to(user).filter(pk__in=user.blocks.values("blocked"))
    names = dict(seen.values_list("pk", "display_name"))
    for pk, moment in own_data.read(Block.objects.filter(blocker=user).values_list("blocked", "created")):
        yield {"person": pk, "name": names.get(pk, ""), "since": moment}


def addresses(user: User) -> Iterator[Mapping]:
    yield from own_data.read(user.secret_addresses.values("purpose", "made_at"))


def register() -> None:
    own_data.register("account", account)
    own_data.register("accepted_texts", accepted)
    own_data.register("blocks", blocked)
    own_data.register("secret_addresses", addresses)
