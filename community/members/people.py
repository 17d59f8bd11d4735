"""Which people: the words that queries about persons are made of."""

import re

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

NAME = Lower("display_name")
WORDS_OF_NAME = SearchVector("display_name", config="simple")
_WORD = re.compile(r"[^\W_]+")


class UserQuerySet(models.QuerySet):
    def applicants(self):
        """Who waits for a decision."""
        return self.filter(is_active=True, standing="applicant")

    def members(self):
        """In good standing."""
        return self.filter(is_active=True, standing="active")

    def members_or_removed(self):
        """Those, and whom moderators removed: all whom moderators may speak to."""
        return self.filter(is_active=True, standing__in=["active", "removed"])

    def practitioners(self):
        """Members whose licence staff checked and that has not run out."""
        today = timezone.localdate()
        unexpired = Q(licence_expires_on__isnull=True) | Q(licence_expires_on__gte=today)
        return self.members().filter(unexpired, licence_checked_on__isnull=False)

    def listed(self):
        """Members who are in the list of people: those who do not hide."""
        return self.members().filter(hidden=False)

    def at_address(self, address: str):
        """Whose login this address is, in capitals or not: by small letters, as the constraint compares them.

        `iexact` compares capitals, where an i without its dot is an I: a domain that looks alike would get the letters.
        """
        return self.alias(lower=Lower("email")).filter(lower=Lower(Value(address)))

    def visible_to(self, viewer):
        """Whom `viewer` may look up: members see members who do not hide, and everybody sees themselves."""
        if not getattr(viewer, "is_member", False):
            return self.filter(pk=viewer.pk) if viewer.is_authenticated else self.none()
        return self.filter(Q(is_active=True, standing="active", hidden=False) | Q(pk=viewer.pk))

    def called(self, names):
        """Whose name is one of these, all of them in small letters; adds it as `small_name`."""
        return self.annotate(small_name=NAME).filter(small_name__in=names)

    def called_like(self, typed: str):
        """Whose name begins like this, or has words in a row that begin like those that were typed."""
        typed = typed.lower()
        alike = Q(small_name__startswith=typed)
        if words := _WORD.findall(typed):
            beginnings = " <-> ".join(f"'{word}':*" for word in words)
            alike |= Q(words_of_name=SearchQuery(beginnings, search_type="raw", config="simple"))
        return self.alias(small_name=NAME, words_of_name=WORDS_OF_NAME).filter(alike)

    def with_blocks_by(self, viewer):
        """Adds `is_blocked`: whether `viewer` wants to hear nothing from them."""
        if not viewer.is_authenticated:
            return self.annotate(is_blocked=Value(False))
        return self.annotate(is_blocked=Exists(viewer.blocks.filter(blocked=OuterRef("pk"))))


_UserManager = BaseUserManager.from_queryset(UserQuerySet)


class UserManager(_UserManager):
    def get_by_natural_key(self, email):
        return self.at_address(email).get()

    def create_user(self, email, password=None, **fields):
        """A new account; without a password nobody can log in to it until one is set."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """An account with every permission, and a member in good standing."""
        fields = {"is_staff": True, "is_superuser": True, "standing": "active"} | fields
        return self.create_user(email, password, **fields)
