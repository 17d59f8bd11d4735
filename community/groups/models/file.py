from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.groups.models.group import Group
from community.safety import decisions
from core.addresses import address
from core.documents import size_words
from core.files import LONGEST_NAME

KIND = "group-file"  # to moderators
HIDDEN, RESTORED = "group.file.hidden", "group.file.restored"


class FileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of groups that `user` reads inside. What moderators hid is for whoever added it and those who lead the
        group."""
        return self.filter(
            Q(hidden_at=None) | self._looked_after_by(user), group__in=Group.objects.read_by(user).values("pk")
        )

    def with_reasons(self):
        """Adds `why_hidden`, the reason that a moderator gave: empty for what is not hidden."""
        told = Subquery(decisions.reasons(HIDDEN, KIND, OuterRef("pk"))[:1])
        why = When(hidden_at__isnull=False, then=Coalesce(told, Value(""), output_field=models.TextField()))
        return self.annotate(why_hidden=Case(why, default=Value(""), output_field=models.TextField()))

    def removable_by(self, user):
        """Files that `user` may take away: their own, and all in groups that they lead. Never from an archived one."""
        return self.filter(self._removable_by(user))

    def with_removal_by(self, user):
        """Adds `is_removable`: whether `user` may take the file away."""
        return self.annotate(is_removable=Case(When(self._removable_by(user), then=True), default=Value(False)))

    def _removable_by(self, user) -> Q:
        return self._looked_after_by(user) & Q(group__archived_at=None)

    def _looked_after_by(self, user) -> Q:
        if not getattr(user, "is_member", False):
            return Q(pk__in=[])
        own = Q(added_by=user, group__in=Group.objects.entered_by(user).values("pk"))
        return own | Q(group__in=Group.objects.facilitated_by(user).values("pk"))


class GroupFile(models.Model):
    """A file that a group keeps. Its bytes lie under a random name; `name` is what people see and save it as.

    Changed by the functions in `community.groups.shelf` only.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    file = models.FileField(_("file"), upload_to="groups/", max_length=100, unique=True)
    content_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    hidden_at = models.DateTimeField(_("hidden by moderators"), null=True, blank=True, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a group")
        verbose_name_plural = _("files of groups")
        ordering = ["-added_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(file=""), name="a_group_file_has_a_name")]
        indexes = [models.Index(fields=["group", "-added_at", "-id"], name="group_files_newest_first")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("groups:file", self.group.slug, self.pk)

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def kind_words(self) -> str:
        """The kind in a word: "PDF"; for a picture that it is one."""
        return _("Picture") if self.is_picture else self.file.name.rpartition(".")[2].upper()

    @property
    def size_words(self) -> str:
        return size_words(self.size)

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return "image" if self.is_picture else "file-text"
