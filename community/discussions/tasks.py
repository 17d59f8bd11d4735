"""Jobs of the discussions."""

from collections.abc import Collection

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from community.discussions import drafts, retention, telling


@app.task(queue="mail", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def tell_of_post(post_id: int, ways: Collection[str] = telling.NEAREST_FIRST) -> None:
    """Tell everybody whom a new post concerns, or those whom a changed one calls."""
    telling.tell_of_post(post_id, ways)


@app.task(queue="mail", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def tell_of_tags(post_id: int, tag_ids: Collection[int]) -> None:
    """Tell those who follow a tag that a topic was given later."""
    telling.tell_of_tags(post_id, tag_ids)


@app.task(queue="mail", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def tell_that_it_helped(post_id: int) -> None:
    """Tell somebody that what they wrote helped."""
    telling.tell_that_it_helped(post_id)


@app.periodic(cron="50 3 * * *")
@app.task(queue="default", queueing_lock="forget_old_drafts")
def forget_old_drafts(timestamp: int) -> None:
    """Every night: what nobody has gone on with for 14 days goes."""
    drafts.forget_old()


@app.periodic(cron="10 4 * * *")
@app.task(queue="default", queueing_lock="delete_due_conversations")
def delete_due_conversations(timestamp: int) -> None:
    """Every night: conversations go that are older than their forum keeps them."""
    retention.delete_due()
