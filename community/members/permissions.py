"""What staff may do with other people's accounts. One place for pages, actions and the shell."""

from community.members.models import User
from community.members.people import UserQuerySet


def may_decide_standing(actor: User) -> bool:
    """Admit, lapse, invite, check licences, close accounts: staff who may change people in the admin."""
    return actor.is_active and actor.has_perm("members.change_user")


def people_known_to(viewer) -> UserQuerySet:
    """People whose names `viewer` may read: those they may look up; who decides standing lists all in the admin."""
    everybody = User.objects.all()
    return everybody if may_decide_standing(viewer) else everybody.visible_to(viewer)


def may_manage(actor: User, user: User) -> bool:
    """The same for one person: an administrator's account is changed by administrators only."""
    return may_decide_standing(actor) and (actor.is_superuser or not user.is_superuser)
