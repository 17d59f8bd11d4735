"""Posts that wait until a moderator has read them. Whose do, is said by whoever registers the rule; none inside groups.

One that waits is read by its author and by those who look after the place. A reply has no position meanwhile, and
counts nowhere; a topic whose first post waits is not there for anybody else.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from community.discussions.models import Forum, Post
from core.audience import Audience

SENT_TWICE_WITHIN = timedelta(minutes=5)

_rules: list[Callable[[object], bool]] = []


def register(rule: Callable[[object], bool]) -> None:
    """Have `rule(user)` say whether what `user` posts now waits. Called in `AppConfig.ready`."""
    _rules.append(rule)


def is_held(user, forum: Forum) -> bool:
    """Whether what `user` posts in `forum` now waits for a moderator."""
    return forum.audience != Audience.GROUP and any(rule(user) for rule in _rules)


def sent_before(user, body: str, **place) -> Post | None:
    """The same words of `user` that wait already, from a double click or a form sent again."""
    lately = timezone.now() - SENT_TWICE_WITHIN
    return Post.objects.filter(poster=user, content=body, held_at__gte=lately, **place).first()
