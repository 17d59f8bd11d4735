"""An imported forum is read by nobody until somebody on the staff opens it, once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.discussions.importing import report
from community.discussions.models import Forum, Post
from community.discussions.permissions import may_open
from community.discussions.refusals import DiscussionRefused
from core import audit
from core.audience import Audience


@dataclass(frozen=True)
class Summary:
    """What is about to be read, in numbers: none of its words."""

    posts: int
    topics: int
    members: int
    since: datetime | None
    until: datetime | None
    found: list[str]
    is_whole: bool

    @property
    def words(self) -> str:
        if self.since is None or self.until is None:
            return _("Nothing stands in it.")
        return _("%(size)s, from %(since)s to %(until)s.") % {
            "size": report.size(self.posts, self.topics),
            "since": date_format(timezone.localtime(self.since), "YEAR_MONTH_FORMAT"),
            "until": date_format(timezone.localtime(self.until), "YEAR_MONTH_FORMAT"),
        }

    @property
    def authors(self) -> str:
        return ngettext(
            "%(count)s person with an account here wrote some of them; all others are shown as former members.",
            "%(count)s people with an account here wrote some of them; all others are shown as former members.",
            self.members,
        ) % {"count": f"{self.members:,}"}


def closed() -> QuerySet[Forum]:
    """The forums that can be opened. What a group reads is its own affair."""
    return Forum.objects.places().filter(opened=False).exclude(audience=Audience.GROUP)


def summary(forum: Forum) -> Summary:
    """What stands in `forum`, and what the imports into it counted."""
    posts = Post.objects.filter(topic__forum=forum).order_by()
    numbers = posts.aggregate(
        posts=Count("pk"),
        topics=Count("topic", distinct=True),
        members=Count("poster", distinct=True),
        since=Min("created"),
        until=Max("created"),
    )
    imports = list(forum.imports.all())
    found = list(report.identifiers(report.total(imports)))
    return Summary(**numbers, found=found, is_whole=all(each.finished_at for each in imports))


def open_forum(forum: Forum, *, by) -> None:
    """Let the audience of `forum` read it, from the next request on. It can't be shut again, and no more is brought
    into it. Raises DiscussionRefused for those who may not, and where it is open already."""
    with transaction.atomic():
        locked = closed().select_for_update(of=("self",)).filter(pk=forum.pk).first()
        if locked is None:
            raise DiscussionRefused(_("This forum is open already."))
        if not may_open(by, locked):
            raise DiscussionRefused(_("This forum can't be opened by you."))
        Forum.objects.filter(pk=locked.pk).update(opened=True)
        audit.write("discussions.forum.opened", by=by, on=locked)
