"""Jobs of the mail path."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from community.notices import outbox


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_mail(mail_id: int) -> None:
    """Send one letter of the outbox."""
    outbox.send(mail_id)
