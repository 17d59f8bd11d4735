from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import files, first_steps, strays


class GroupsConfig(AppConfig):
    """Chapters, consultation groups and learning communities."""

    name = "community.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.groups import (  # models are ready only now
            editing,
            emergency_letters,
            invitations,
            joining_letters,
            letters,
            membership,
            own_data,
            reportable,
            shelf,
            trail,
        )
        from community.groups.models import Agreement, Group, GroupFile

        letters.register()
        joining_letters.register()
        membership.on_departure(invitations.end_letters)
        emergency_letters.register()
        trail.register()
        own_data.register()
        reportable.register()
        files.register(shelf.FOLDER, shelf.file_for)
        strays.register(shelf.FOLDER, GroupFile._meta.get_field("file"))
        files.register(editing.PICTURES, editing.picture_for)
        strays.register(editing.PICTURES, Group._meta.get_field("picture"))
        first_steps.register(
            _("Set up a first chapter"),
            lambda: reverse("circles:add"),
            first_steps.has_rows(Group.objects.all()),
            order=80,
        )
        first_steps.register(
            _("Have counsel look at the agreements"),
            lambda: reverse("agreements:index"),
            lambda: not Agreement.objects.current().filter(counsel_confirmed_at=None).exists(),
            order=75,
        )
