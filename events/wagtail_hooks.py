"""Events in the Wagtail admin: for those who organise them, and of those alone which they organise."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import log
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from community.members.models import User
from core.audience import Audience
from core.viewsets import Refusable, ScopedViewSet
from events.forms import EventForm
from events.models import Event
from events.permissions import host_groups, is_organising_staff, may_organise
from events.scheduling import SchedulingRefused


class OrganisersPolicy(BasePermissionPolicy):
    """Who may do what is asked of `events.permissions`. Nobody deletes: an event is cancelled, on its page."""

    actions = frozenset({"add", "change", "view"})

    def user_has_permission(self, user, action):
        if action not in self.actions or not user.is_authenticated:
            return False
        return is_organising_staff(user) or host_groups(user).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        return action in self.actions and may_organise(user, instance)

    def users_with_any_permission(self, actions):
        if not self.actions.intersection(actions):
            return User.objects.none()
        leads = User.objects.members().filter(memberships__role="facilitator", memberships__left_at=None)
        return (leads | User.objects.filter(is_active=True, is_superuser=True)).distinct()


class _Saving(Refusable):
    """The form saves through `events.scheduling`, with the user as the actor, and may be refused there."""

    refusals = (SchedulingRefused,)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def save_instance(self):
        event = self.form.save()
        # The log of the whole site is read by people who do not know what a group does among itself.
        if event.audience != Audience.GROUP:
            log(instance=event, action=self.log_action, user=self.request.user, content_changed=True)
        return event


class _Add(_Saving, ScopedViewSet.add_view_class):
    log_action = "wagtail.create"


class _Edit(_Saving, ScopedViewSet.edit_view_class):
    log_action = "wagtail.edit"


class EventsViewSet(ScopedViewSet):
    """What a person organises, and nothing else: what is for one group is not listed to staff who are not in it."""

    model = Event
    name = "meetings"  # also a namespace of addresses, and "events" is that of the site
    menu_label = _("Events")
    icon = "date"
    menu_order = 240
    add_to_admin_menu = True
    add_to_reference_index = False
    add_view_class = _Add
    edit_view_class = _Edit
    list_display = ["title", "group", "kind", "starts_on", "audience", "cancelled_at"]
    list_filter = ["kind", "mode", "audience"]
    search_fields = ["title", "town"]
    search_backend_name = None

    def get_form_class(self, for_update=False):
        return EventForm

    def scope(self, user):
        return Event.objects.organised_by(user).select_related("group")


register_permission_policy(Event, OrganisersPolicy(Event))


@hooks.register("register_admin_viewset")
def register_events():
    return EventsViewSet()
