"""The demonstration community: an invented association, composed in `content/` and built through the real functions.

Dates are relative to the day it is built. No letter goes out while it is built.
"""

from collections.abc import Callable
from itertools import count

PASSWORD = "collegial-demo"  # noqa: S105 - public on purpose; the demo is refused in production
ACCOUNTS = ("admin", "editor", "moderator", "membership", "organiser", "member", "newcomer")
ADDRESSES = [f"{name}@collegial.test" for name in ACCOUNTS]
STEPS = 8


def build(progress: Callable[[int, int, str], None] = lambda done, total, words: None) -> None:
    """Build the whole demonstration in an empty database, in one transaction; `progress` hears of each step."""
    from django.db import transaction

    from community.notices import outbox  # the settings are ready only when this is called
    from config.demo import circles, conversations, library, meetings, people, staff

    with transaction.atomic(), outbox.quietly():
        numbers = count()

        def begin(words: str) -> None:
            progress(next(numbers), STEPS, words)

        begin("Opening the doors")
        vocabulary = people.subjects()
        people.texts()
        begin("Members arrive")
        members = people.members(vocabulary)
        staff.appoint(members)
        begin("Tables are set")
        groups = circles.groups(members)
        begin("Articles are written")
        library.association()
        library.articles(members, vocabulary)
        begin("CE is announced")
        library.listings(members, vocabulary)
        begin("Colleagues talk")
        conversations.public(members)
        begin("Groups confide")
        conversations.within_groups(members, groups)
        begin("Evenings are planned")
        meetings.events(members, groups, members["admin"])
        begin("The community is there")
