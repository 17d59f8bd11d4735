"""Who may see, attend and organise what. Sets of rows: the cost does not grow with the events.

An event is organised by those who lead its group; by staff with the permission "can change event" where it belongs to
the whole association or is open beyond its group. What is for a group alone is organised from inside: staff and
superusers who are not in it neither see nor list it. What moderators hid is seen by those who organise it alone.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from modelsearch.queryset import SearchableQuerySetMixin

from community.groups.audience import readable_by, shared_by
from community.groups.models import Group
from core.audience import Audience
from core.prepared import Prepared


def is_organising_staff(user) -> bool:
    return bool(user.is_staff and user.has_perm("events.change_event"))


def _led_by(user, prefix: str) -> Q:
    return Q(**{f"{prefix}group__in": Group.objects.facilitated_by(user).values("pk")})


def _organised_by(user, prefix: str = "") -> Q | None:
    """The condition on an event (reached by `prefix`) that `user` organises it; None for those who organise nothing."""
    condition = _led_by(user, prefix) if getattr(user, "is_member", False) else None
    if is_organising_staff(user):
        open_ones = ~Q(**{f"{prefix}audience": Audience.GROUP})
        condition = open_ones | condition if condition else open_ones
    return condition


def _visible_to(user, prefix: str = "") -> Q:
    return _or_organised_by(user, prefix, readable_by(user, prefix))


def _shared_with(user, prefix: str = "") -> Q:
    return _or_organised_by(user, prefix, shared_by(user, prefix))


def _or_organised_by(user, prefix: str, condition: Q) -> Q:
    organised = _organised_by(user, prefix)
    condition &= _not_hidden(prefix)
    return condition | organised if organised else condition


def _not_hidden(prefix: str) -> Q:
    return Q(**{f"{prefix}hidden_at": None})


class EventQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def visible_to(self, user):
        """Events that `user` reads about: by their audience, or because they organise them."""
        return self.filter(_visible_to(user))

    def shared_with(self, user):
        """The same without what is read by an emergency access, which stands in no list, search or letter."""
        return self.filter(_shared_with(user))

    def organised_by(self, user):
        """Events that `user` edits, cancels, and whose roster they see."""
        condition = _organised_by(user)
        return self.filter(condition) if condition else self.none()


class OccurrenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings of events that `user` reads about."""
        return self.filter(_visible_to(user, "event__"))

    def shared_with(self, user):
        """The same without those of events that are read by an emergency access."""
        return self.filter(_shared_with(user, "event__"))

    def attendable_by(self, user):
        """Meetings to which `user` may come: members whom the audience includes, and those who lead the group. Nobody
        says that they come to what is hidden."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(shared_by(user, "event__") | _led_by(user, "event__"), _not_hidden("event__"))

    def told_to(self, user):
        """Meetings of which `user` hears that they don't take place: those that moderators hid, too."""
        condition, organised = shared_by(user, "event__"), _organised_by(user, "event__")
        return self.filter(condition | organised if organised else condition)

    def organised_by(self, user):
        condition = _organised_by(user, "event__")
        return self.filter(condition) if condition else self.none()

    def going(self, user):
        """Meetings that `user` has a seat at."""
        if not getattr(user, "is_member", False):
            return self.none()
        rsvps = self.model._meta.get_field("rsvps").related_model
        return self.filter(Exists(rsvps.objects.filter(occurrence=OuterRef("pk"), user=user, state="going")))

    def of_groups_of(self, user):
        """Meetings of the groups that `user` is inside of."""
        return self.filter(event__group__in=Group.objects.entered_by(user).values("pk"))


def may_organise(user, event) -> bool:
    """Whether `user` edits and cancels `event` and sees its roster."""
    return bool(_organised(event.pk, user))


@Prepared
def _organised(event_id: int, user) -> models.QuerySet:
    from events.models import Event  # the models import this module

    return Event.objects.organised_by(user).filter(pk=event_id).values_list("pk")


def may_rsvp(user, occurrence) -> bool:
    """Whether `user` may come to `occurrence`, seats aside."""
    return type(occurrence).objects.attendable_by(user).filter(pk=occurrence.pk).exists()


def host_groups(user) -> models.QuerySet:
    """Groups in whose name `user` may set up an event: those they lead; for staff also all that are open to members."""
    groups = Group.objects.facilitated_by(user)
    if is_organising_staff(user):
        groups = groups | Group.objects.exclude(kind=Group.Kind.CONSULTATION)
    return groups.filter(archived_at=None)


def may_organise_for(user, group: Group | None) -> bool:
    """Whether `user` may set up an event of `group`, or, where that is None, of the whole association."""
    if group is None:
        return is_organising_staff(user)
    return bool(_hosting(group.pk, user))


_hosting = Prepared(lambda group_id, user: host_groups(user).filter(pk=group_id).values_list("pk"))
