from django.apps import AppConfig
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every room shares: components, policy, files, the audit trail, the vocabulary of topics."""

    name = "core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core import catalogs, files, first_steps, library, pictures  # models are loaded by now
        from core.models import Association, SiteImage

        catalogs.leave_out_empty()
        files.register("images/", pictures.rendition_for)
        files.register("original_images/", pictures.original_for)
        files.register("documents/", library.document_for)
        post_save.connect(pictures.make_soon, sender=SiteImage, dispatch_uid="core.make_renditions")
        first_steps.register(
            _("Give the association its name"),
            lambda: reverse("wagtailsettings:edit", args=["core", "association"]),
            first_steps.has_rows(Association.objects.exclude(name="")),
            order=10,
        )
