"""Jobs of the mail path, and of what waits for it."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from community.notices import bell, digests, outbox

log = logging.getLogger(__name__)


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_mail(mail_id: int) -> None:
    """Send one letter of the outbox."""
    outbox.send(mail_id)


@app.periodic(cron="5 * * * *")
@app.task(queue="mail", queueing_lock="send_digests")
def send_digests(timestamp: int) -> None:
    """Queue the digests of those whose morning it is."""
    digests.send_due()


@app.periodic(cron="23 4 * * *")
@app.task(queue="house", queueing_lock="expire_notices")
def expire_notices(timestamp: int) -> None:
    """Forget notices that are older than 90 days."""
    bell.expire()


@app.periodic(cron="35 * * * *")
@app.task(queue="house", queueing_lock="say_what_is_in_doubt")
def say_what_is_in_doubt(timestamp: int) -> None:
    """Name in the log, for whoever runs the machine, the letters that were claimed and never marked."""
    if letters := list(outbox.in_doubt().values_list("pk", flat=True)):
        log.warning("Letters that may have been sent or not, and are not sent again: %s", letters)
