import itertools

from community.discussions import forums, posting
from factories.members import UserFactory

_numbers = itertools.count(1)


def make_forum(name: str = "", *, audience: str = "members", **fields):
    """A forum, made as the site makes it."""
    return forums.create_forum(name or f"Forum {next(_numbers)}", audience=audience, **fields)


def make_topic(forum=None, *, by=None, subject: str = "", body: str = "How do you do it?", replies: int = 0):
    """A topic with some replies, each by somebody else; by a member in good standing unless `by` says who."""
    by = by or UserFactory(practitioner=True)
    topic = posting.start_topic(
        forum or make_forum(), by=by, subject=subject or f"A question, number {next(_numbers)}", body=body
    )
    for number in range(replies):
        posting.reply(topic, by=UserFactory(practitioner=True), body=f"Reply number {number + 1}.")
    topic.refresh_from_db()
    return topic
