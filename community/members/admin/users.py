from wagtail.users.apps import WagtailUsersAppConfig


class MembersUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, for accounts whose login is an e-mail address."""

    group_viewset = "community.members.admin.roles.RolesViewSet"
    user_viewset = "community.members.admin.people.PeopleViewSet"
