"""Those who look after the members look after groups and agreements too. Who is in a consultation group, or what is
said in any group, is not part of that."""

from django.db import migrations

PERMISSIONS = [
    ("group", "add_group", "Can add group"),
    ("group", "change_group", "Can change group"),
    ("group", "view_group", "Can view group"),
    ("agreement", "add_agreement", "Can add agreement"),
    ("agreement", "change_agreement", "Can change agreement"),
    ("agreement", "delete_agreement", "Can delete agreement"),
    ("agreement", "view_agreement", "Can view agreement"),
]


def give(apps, schema_editor):
    role, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Membership")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for model, codename, name in PERMISSIONS:  # Django makes them only after the last migration
        kind, _created = ContentType.objects.get_or_create(app_label="groups", model=model)
        permission, _created = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        role.permissions.add(permission)


def take_back(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="groups", codename__in=[codename for _model, codename, _name in PERMISSIONS]
    )
    for role in apps.get_model("auth", "Group").objects.filter(name="Membership"):
        role.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0007_signing_again"),
        ("members", "0004_membership_staff"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, take_back)]
