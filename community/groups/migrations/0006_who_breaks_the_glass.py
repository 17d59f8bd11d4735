"""Those who look after the members may ask for an emergency access to a group and grant one. Moderators may not: the
one who reads a report should not be the one who decides to look further."""

from django.db import migrations

ROLE, CODENAME, NAME = "Membership", "break_glass", "Can ask for and grant emergency access to a group"


def give(apps, schema_editor):
    kind, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="groups", model="group"
    )
    permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=CODENAME, defaults={"name": NAME}
    )
    role = apps.get_model("auth", "Group").objects.filter(name=ROLE).first()
    if role is not None:  # a site may have renamed it
        role.permissions.add(permission)


def take_back(apps, schema_editor):
    for role in apps.get_model("auth", "Group").objects.filter(name=ROLE):
        role.permissions.remove(*role.permissions.filter(content_type__app_label="groups", codename=CODENAME))


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_group_files"), ("members", "0004_membership_staff")]
    operations = [migrations.RunPython(give, take_back)]
