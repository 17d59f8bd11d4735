"""Jobs of the moderation."""

from procrastinate.contrib.django import app

from community.safety import appeals, queue, sanctions


@app.periodic(cron="35 * * * *")
@app.task(queue="default", queueing_lock="remind_moderators")
def remind_moderators(timestamp: int) -> None:
    """Every hour: tell moderators of what has waited for 12 hours, and of appeals that a group can't judge itself."""
    queue.remind()
    appeals.pass_on()


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default", queueing_lock="end_removals")
def end_removals(timestamp: int) -> None:
    """Every five minutes: who was removed until now is a member again, for others too."""
    sanctions.end_removals()
