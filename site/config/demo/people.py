"""The people of the demonstration, and the texts that they accepted."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from community.members import policies, standing
from community.members.models import Policy, User
from config.demo import ACCOUNTS, PASSWORD, content
from core.models import Subject


def subjects() -> dict[str, Subject]:
    """The kept vocabulary of topics, by slug."""
    return {
        row["slug"]: Subject.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"]})[0]
        for row in content.read("subjects")["subject"]
    }


def texts() -> None:
    """The association's privacy notice and rules, published as new versions over the templates."""
    written = content.read("texts")
    for kind in ("privacy_notice", "community_rules"):
        policies.publish(Policy.objects.create(kind=kind, body=written[kind]["body"].strip()))


def members(vocabulary: dict[str, Subject]) -> dict[str, User]:
    """All members, by key. The demo accounts can log in; nobody else has a password."""
    rows = {row["key"]: row for row in content.read("members")["member"]}
    secret = make_password(PASSWORD)
    admin = User.objects.create_superuser(rows["admin"]["email"], display_name=rows["admin"]["name"])
    people = {}
    for key, row in rows.items():
        person = admin if key == "admin" else standing.invite(row["email"], row["name"], by=admin)
        for name in ("pronouns", "discipline", "credentials", "city", "region", "time_zone", "bio", "hidden"):
            setattr(person, name, row[name])
        person.licence_jurisdiction = row["jurisdiction"]
        person.date_joined = timezone.now() - timedelta(days=row["joined_days"])
        if key in ACCOUNTS:
            person.password = secret
        person.save()
        standing.confirm_address(person)
        person.interests.set([vocabulary[slug] for slug in row["interests"]])
        if row["practitioner_days"]:
            standing.check_licence(
                person,
                by=admin,
                on=timezone.localdate() - timedelta(days=row["practitioner_days"]),
                expires_on=timezone.localdate() + timedelta(days=400),
                jurisdiction=row["jurisdiction"],
                number=f"DEMO-{person.pk:04d}",
            )
        policies.accept_current(person)
        people[key] = person
    return people
