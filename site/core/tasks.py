"""Jobs of the library, of the page tree and of stored files."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from core import pictures, strays
from core.models import SiteImage


@app.task(queue="default")
def make_renditions(image_id: int) -> None:
    """Make the sizes of one image; an image that is gone by now needs none."""
    image = SiteImage.objects.filter(pk=image_id).first()
    if image is not None:
        pictures.make_all(image)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default")
def publish_scheduled(timestamp: int) -> None:
    """Publish and withdraw the pages whose hour has come."""
    call_command("publish_scheduled", verbosity=0)


@app.periodic(cron="35 3 * * *")
@app.task(queue="default", queueing_lock="sweep_strays")
def sweep_strays(timestamp: int) -> None:
    """Every night: stored files go that no row names."""
    strays.sweep()
