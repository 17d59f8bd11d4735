"""A person's own picture, and who may look at it."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from community.members.models import User
from core.files import Served


def set_picture(user: User, picture: ContentFile | None) -> None:
    """Give `user` a picture that `core.uploads.clean_picture` made, or none; the file before it is deleted."""
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        old = row.picture.name
        if picture is None:
            row.picture = ""
        else:
            row.picture.save(picture.name, picture, save=False)
        row.save(update_fields=["picture"])
        if old:
            transaction.on_commit(lambda: default_storage.delete(old))
    user.picture = row.picture.name


def picture_for(viewer, name: str) -> Served | None:
    """Pictures are for members, and for those who may see the person."""
    if not User.objects.visible_to(viewer).filter(picture=name).exists():
        return None
    return Served.picture(name, is_private=False)
