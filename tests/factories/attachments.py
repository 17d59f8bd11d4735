"""Files with posts, put there the way people do it."""

from django.core.files.storage import default_storage

from community.discussions import attachments, places, posting
from community.discussions.models import Attachment, Post, Topic
from core.uploads import clean_upload
from factories.files import PDF, sent


def put(place, by, content: bytes = PDF, name: str = "notes.pdf", alt: str = "") -> Attachment:
    """A file in the draft for this place."""
    return attachments.attach(place, by=by, upload=clean_upload(sent(content, name)), name=name, alt=alt)


def reply_with(topic, by, *files) -> Post:
    """A reply that carries these files: each its bytes and its name."""
    place = places.in_topic(Topic.objects.select_related("forum__group").get(pk=topic.pk))
    for content, name in files:
        put(place, by, content, name)
    return posting.reply(topic, by=by, body=f"With {len(files)} files.")


def stored() -> set[str]:
    """What lies in the folder of attachments."""
    return set(default_storage.listdir("discussions")[1]) if default_storage.exists("discussions") else set()


def names(rows) -> list[str]:
    return list(rows.order_by("pk").values_list("name", flat=True))
