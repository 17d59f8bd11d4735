"""The demonstration community: an invented association, composed in `content/` and built through the real functions.

Dates are relative to the day it is built. No letter goes out while it is built.
"""

from collections.abc import Callable

PASSWORD = "collegial-demo"  # noqa: S105 - public on purpose; the demo is refused in production
ACCOUNTS = ("admin", "editor", "moderator", "organiser", "member", "newcomer")


def build(progress: Callable[[int, int, str], None] = lambda done, total, words: None) -> None:
    """Build the whole demonstration in an empty database, in one transaction; `progress` hears of each step."""
    from django.db import transaction

    from community.notices import outbox  # the settings are ready only when this is called
    from config.demo import circles, conversations, library, meetings, people, staff

    with transaction.atomic(), outbox.quietly():
        steps = iter(range(9))
        progress(next(steps), 8, "Opening the doors")
        vocabulary = people.subjects()
        people.texts()
        progress(next(steps), 8, "Members arrive")
        members = people.members(vocabulary)
        staff.appoint(members)
        progress(next(steps), 8, "Tables are set")
        groups = circles.groups(members)
        progress(next(steps), 8, "Articles are written")
        library.association()
        library.articles(members, vocabulary)
        progress(next(steps), 8, "CE is announced")
        library.listings(members, vocabulary)
        progress(next(steps), 8, "Colleagues talk")
        conversations.public(members)
        progress(next(steps), 8, "Groups confide")
        conversations.within_groups(members, groups)
        progress(next(steps), 8, "Evenings are planned")
        meetings.events(members, groups, members["admin"])
        progress(next(steps), 8, "The community is there")
