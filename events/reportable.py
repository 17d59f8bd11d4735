"""What a report of an event discloses: its title and what is written about it. Where it meets is not in it."""

from collections.abc import Collection, Mapping

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.safety import kinds
from community.safety.kinds import Disclosed
from core.audience import Audience
from events.models import Event


def may_see(user, event_id: int) -> bool:
    is_member = getattr(user, "is_member", False)
    return is_member and Event.objects.shared_with(user).filter(pk=event_id).exists()


def disclose(things: Mapping[int, Collection[str]], reader) -> dict[int, Disclosed]:
    events = Event.objects.filter(pk__in=things).order_by()
    read = set(events.shared_with(reader).exclude(audience=Audience.GROUP).values_list("pk", flat=True))
    return {event.pk: _disclosed(event, event.pk in read) for event in events}


def insiders(event_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    members = "group__memberships"
    rows = Event.objects.filter(
        **{"pk__in": event_ids, "audience": Audience.GROUP, f"{members}__user__in": user_ids},
        **{f"{members}__left_at": None},
    )
    return set(rows.order_by().values_list("pk", f"{members}__user"))


def register() -> None:
    kinds.register(
        kinds.Kind("event", may_see=may_see, disclose=disclose, insiders=insiders, label=gettext_lazy("an event"))
    )


def _disclosed(event: Event, is_read: bool) -> Disclosed:
    in_group = event.audience == Audience.GROUP
    words = mark_safe(event.description_html)  # noqa: S308 - rendered and cleaned by core.markdown
    return Disclosed(
        author_id=None,
        author=_("Those who organize it"),
        html=format_html("<p><strong>{}</strong></p><p>{}</p>{}", event.title, event.summary, words),
        place=_("a group") if in_group else _("an event"),
        is_hidden=False,
        url=event.get_absolute_url() if is_read else "",
        in_group=in_group,
        circle_id=event.group_id if in_group else None,
    )
