"""Who may see and do what with a group. Sets of rows, never a loop: the cost does not grow with the groups.

Belonging to a group is not being inside of it. Inside are members of the association who have not left the group and
who signed its agreement as it stands; a new wording shuts the door until they sign again. Staff and superusers get no
way round it, but for the emergency access that two of them ask for and grant, which reads and does nothing else.
"""

from functools import reduce
from operator import or_

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, PositiveIntegerField, Q, Subquery, Value
from django.db.models.functions import Lower

from community.members.models import User


class GroupQuerySet(models.QuerySet):
    def belonged_to(self, user):
        """Groups that `user` is in, whether they signed the agreement or not."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(pk__in=_memberships().of(user).values("group"))

    def entered_by(self, user):
        """Groups that `user` is inside of: takes part in their forum, roster, files and meetings."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(pk__in=_memberships().of(user).signed().values("group"))

    def opened_to(self, user):
        """Groups that `user` reads by an emergency access that is open now."""
        if not getattr(user, "is_staff", False) or not user.is_member:
            return self.none()
        return self.filter(pk__in=_related("accesses").objects.open().of(user).values("group"))

    def read_by(self, user):
        """Groups whose forum, roster, files and meetings `user` reads: from inside, or by an emergency access."""
        if not getattr(user, "is_staff", False):
            return self.entered_by(user)
        return self.filter(_among(self.entered_by(user), self.opened_to(user)))

    def facilitated_by(self, user):
        """Groups that `user` leads, from inside."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(pk__in=_memberships().of(user).signed().filter(role="facilitator").values("group"))

    def inviting(self, user):
        """Groups with an invitation for `user` that is open: to their address, or a link that they took up."""
        if not getattr(user, "is_member", False):
            return self.none()
        invitations = _related("invitations").objects
        address = User.objects.filter(pk=user.pk).annotate(lower=Lower("email")).values("lower")
        removed_since = {"ending": "removed", "left_at__gte": OuterRef("made_at")}
        removed = _memberships().filter(group=OuterRef("group"), user=user, **removed_since)
        letters = invitations.open().exclude(email="").annotate(lower=Lower("email")).filter(lower__in=address)
        letters = letters.exclude(Exists(removed))
        taken = invitations.filter(revoked_at=None, acceptances__user=user, acceptances__entered_at=None)
        return self.filter(Q(pk__in=letters.values("group")) | Q(pk__in=taken.values("group")), archived_at=None)

    def listed_for(self, user):
        """Groups that are shown to everybody like `user`: chapters are public, the rest is for members."""
        listed = self.filter(listed=True, archived_at=None)
        return listed if getattr(user, "is_member", False) else listed.filter(kind="chapter")

    def close_to(self, user):
        """Groups that `user` belongs to, and those that invite them."""
        return self.filter(_among(self.belonged_to(user), self.inviting(user)))

    def visible_to(self, user):
        """Groups whose name and purpose `user` may read: those that are listed for them, and a group that is not
        listed, or is archived, where they belong to it or it invites them."""
        if not getattr(user, "is_member", False):
            return self.listed_for(user)
        known = _among(self.belonged_to(user), self.inviting(user), self.opened_to(user))
        return self.filter(Q(listed=True, archived_at=None) | known)

    def agreement_shown_to(self, user):
        """Groups whose agreement `user` may read: those they belong to, are invited to, or can join by signing it."""
        if not getattr(user, "is_member", False):
            return self.none()
        known = _among(self.belonged_to(user), self.inviting(user), self.opened_to(user))
        return self.filter(Q(listed=True, archived_at=None, joining="open") | known)

    def administered_by(self, user):
        """Groups that `user` looks after in the admin: staff those that are listed, organisers what they lead."""
        if user.has_perm("groups.change_group"):
            return self.filter(listed=True)
        return self.filter(pk__in=self.facilitated_by(user).values("pk"), kind="chapter")

    def with_door_of(self, user):
        """Adds what `community.groups.doors` asks of each group about `user`: `own_role` and `own_edition` (of their
        membership, None without one), `was_removed`, `has_asked`, `is_invited`."""
        if not getattr(user, "is_member", False):
            nothing = {"was_removed": Value(False), "has_asked": Value(False), "is_invited": Value(False)}
            return self.annotate(
                own_role=Value(None, output_field=CharField()),
                own_edition=Value(None, output_field=PositiveIntegerField()),
                **nothing,
            )
        here = {"group": OuterRef("pk"), "user": user}
        own = _memberships().filter(**here, left_at=None)
        return self.annotate(
            own_role=Subquery(own.values("role")),
            own_edition=Subquery(own.values("signed_edition")),
            was_removed=Exists(_memberships().filter(**here, ending="removed")),
            has_asked=Exists(_related("requests").objects.filter(**here, decided_at=None)),
            is_invited=Exists(self.model.objects.inviting(user).filter(pk=OuterRef("pk"))),
        )


class MembershipQuerySet(models.QuerySet):
    def of(self, user):
        """Of `user`, in groups that they have not left."""
        return self.filter(user=user, left_at=None)

    def current(self):
        """Of people who have not left, and whose account is open and in good standing."""
        return self.filter(left_at=None, user__is_active=True, user__standing="active")

    def signed(self):
        """Of people who signed the agreement of their group as it stands."""
        return self.filter(signed_edition=F("group__edition"))

    def visible_to(self, user):
        """Who is in a group is known inside it."""
        return self.current().filter(group__in=_groups().read_by(user).values("pk"))

    def administered_by(self, user):
        """Memberships that `user` looks after in the admin. Who is in a consultation group is not for staff."""
        groups = _groups().administered_by(user).exclude(kind="consultation")
        return self.filter(group__in=groups.values("pk"))


def is_inside(user, group) -> bool:
    """Whether `user` takes part in `group`: a current member of it, in good standing, with the agreement signed."""
    return _groups().entered_by(user).filter(pk=group.pk).exists()


def may_read_inside(user, group) -> bool:
    """Whether `user` reads what is inside of `group`."""
    return _groups().read_by(user).filter(pk=group.pk).exists()


def is_facilitator(user, group) -> bool:
    """Whether `user` leads `group`."""
    return _groups().facilitated_by(user).filter(pk=group.pk).exists()


def may_look_after(user, group) -> bool:
    """Whether `user` changes what `group` is: they lead it, or look after it in the admin."""
    return is_facilitator(user, group) or _groups().administered_by(user).filter(pk=group.pk).exists()


def may_manage_members(user, group) -> bool:
    """Whether `user` changes who is in `group`: they lead it, or act for the association, which knows nothing of who
    is in a consultation group."""
    return is_facilitator(user, group) or acts_for_association(user, group)


def acts_for_association(user, group) -> bool:
    """Whether `user` looks after the members of `group` as staff do, leading it or not."""
    return group.kind != "consultation" and group.listed and user.has_perm("groups.change_group")


def may_break_glass(user) -> bool:
    """Staff in good standing with the permission: the one who asks for an emergency access, and the one who grants."""
    return bool(getattr(user, "is_member", False) and user.is_staff and user.has_perm("groups.break_glass"))


def glass_breakers() -> models.QuerySet:
    """The same people, as rows."""
    permission = Permission.objects.filter(content_type__app_label="groups", codename="break_glass")
    by_role = Exists(permission.filter(group__user=OuterRef("pk")))
    by_name = Exists(permission.filter(user=OuterRef("pk")))
    return User.objects.members().filter(Q(is_superuser=True) | by_role | by_name, is_staff=True)


def _among(*sets: models.QuerySet) -> Q:
    """Being in at least one of these sets of groups."""
    return reduce(or_, (Q(pk__in=groups.values("pk")) for groups in sets))


def _groups():
    from community.groups.models import Group  # models import this module

    return Group.objects


def _memberships():
    return _related("memberships").objects


def _related(name: str):
    """The model behind one of a group's own relations."""
    return _groups().model._meta.get_field(name).related_model
