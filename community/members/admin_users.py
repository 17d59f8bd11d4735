from wagtail.users.apps import WagtailUsersAppConfig


class MembersUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, for accounts whose login is an e-mail address."""

    user_viewset = "community.members.admin_people.PeopleViewSet"
