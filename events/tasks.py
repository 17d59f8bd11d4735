"""Jobs of events."""

from procrastinate.contrib.django import app

from events import scheduling


@app.periodic(cron="20 3 * * *")
@app.task(queue="events", queueing_lock="extend_occurrences")
def extend_occurrences(timestamp: int) -> None:
    """Every night: the dates of all series are written 18 months ahead."""
    scheduling.extend_occurrences()
