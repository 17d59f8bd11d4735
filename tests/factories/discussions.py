import itertools

from community.discussions import forums, posting
from community.discussions.models import Post, Topic
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


def fill(topic: Topic, posts: int) -> None:
    """Posts in bulk, as an archive has them."""
    people = [UserFactory() for _person in range(5)]
    Post.objects.bulk_create(
        Post(
            topic=topic,
            poster=people[n % 5],
            position=n,
            content="x",
            content_html=f"<p>This is no. {n}.</p>",
            renderer=1,
        )
        for n in range(topic.posts_count + 1, posts + 1)
    )
    Topic.objects.filter(pk=topic.pk).update(posts_count=posts)
