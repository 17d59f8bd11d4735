"""What a report of an event discloses: its title and what is written about it. Where it meets is not in it. Moderators
may hide exactly that event, a group's too, and put it back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.groups.models import Membership
from community.safety import decisions, kinds
from community.safety.kinds import Disclosed
from core.audience import Audience
from events import hiding, trail
from events.models import Event, Occurrence


def may_see(user, event_id: int) -> bool:
    is_member = getattr(user, "is_member", False)
    return is_member and Event.objects.shared_with(user).filter(pk=event_id).exists()


def disclose(things: Mapping[int, Collection[str]], reader) -> dict[int, Disclosed]:
    events = Event.objects.filter(pk__in=things).order_by()
    read = set(events.shared_with(reader).exclude(audience=Audience.GROUP).values_list("pk", flat=True))
    organisers = _organisers(events)
    return {event.pk: _disclosed(event, event.pk in read, organisers.get(event.pk)) for event in events}


def insiders(event_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    members = "group__memberships"
    rows = Event.objects.filter(
        **{"pk__in": event_ids, "audience": Audience.GROUP, f"{members}__user__in": user_ids},
        **{f"{members}__left_at": None},
    )
    events = Event.objects.filter(pk__in=event_ids).order_by()
    leading = {f"{members}__role": Membership.Role.FACILITATOR, f"{members}__left_at": None}
    others = [
        events.filter(hosts__in=user_ids).values_list("pk", "hosts"),
        events.filter(created_by__in=user_ids).values_list("pk", "created_by"),
        events.filter(**leading, **{f"{members}__user__in": user_ids}).values_list("pk", f"{members}__user"),
    ]
    return set(rows.order_by().values_list("pk", f"{members}__user").union(*others))


def partaken(user):
    """The ids of the events that somebody hosts, set up, or leads the group of."""
    led = Membership.objects.filter(user=user.pk, left_at=None, role=Membership.Role.FACILITATOR).values("group")
    hosted = Event.hosts.through.objects.filter(user=user.pk).values("event")
    events = Event.objects.filter(Q(pk__in=hosted) | Q(created_by=user.pk) | Q(group__in=led))
    return events.order_by().values_list("pk", flat=True)


def url(event_id: int) -> str:
    """One of its dates by number: the address of the event itself holds its title."""
    first = Occurrence.objects.filter(event=event_id).order_by("starts_at").values_list("pk", flat=True).first()
    return reverse("events:date", args=[first]) if first else reverse("events:list")


def register() -> None:
    kinds.register(
        kinds.Kind(
            hiding.KIND,
            may_see=may_see,
            disclose=disclose,
            hide=hiding.hide,
            restore=hiding.put_back,
            insiders=insiders,
            hidden_as=trail.HIDDEN,
            restored_as=trail.RESTORED,
            label=gettext_lazy("an event"),
            url=url,
            partaken=partaken,
        )
    )
    decisions.register({trail.HIDDEN: lambda made, by: hiding.put_back(made.target_id, by)})
    told = {trail.HIDDEN: gettext_lazy("hid your event"), trail.RESTORED: gettext_lazy("put back your event")}
    decisions.register_told(told)


def _organisers(events: Iterable[Event]) -> dict[int, int]:
    """Who answers for each event, as ids: whoever set it up; for what is a group's alone, where they don't lead it any
    more, another one who does."""
    private = {event.group_id for event in events if event.audience == Audience.GROUP}
    leading: dict[int | None, list[int]] = defaultdict(list)
    leads = Membership.objects.current().signed().filter(role=Membership.Role.FACILITATOR, group__in=private)
    for group_id, user_id in leads.order_by("joined_at").values_list("group", "user") if private else []:
        leading[group_id].append(user_id)
    found: dict[int, int] = {}
    for event in events:
        able = leading[event.group_id] if event.audience == Audience.GROUP else [event.created_by_id]
        if person := event.created_by_id if event.created_by_id in able else next(iter(able), None):
            found[event.pk] = person
    return found


def _disclosed(event: Event, is_read: bool, organiser_id: int | None) -> Disclosed:
    in_group = event.audience == Audience.GROUP
    words = mark_safe(event.description_html)  # noqa: S308 - rendered and cleaned by core.markdown
    return Disclosed(
        author_id=organiser_id,
        author=_("Those who organize it"),
        html=format_html("<p><strong>{}</strong></p><p>{}</p>{}", event.title, event.summary, words),
        place=_("a group") if in_group else _("an event"),
        is_hidden=event.hidden_at is not None,
        url=event.get_absolute_url() if is_read else "",
        in_group=in_group,
        circle_id=event.group_id if in_group else None,
    )
