"""The role of those who look after the members: they admit, invite, check licences, and read the audit trail."""

from django.db import migrations

PERMISSIONS = [
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("members", "user", "add_user", "Can add person"),
    ("members", "user", "change_user", "Can change person"),
    ("members", "user", "view_user", "Can view person"),
    ("core", "auditentry", "view_auditentry", "Can view entry of the audit trail"),
]


def create(apps, schema_editor):
    role, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Membership")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for label, model, codename, name in PERMISSIONS:  # Django makes them only after the last migration
        kind, _created = ContentType.objects.get_or_create(app_label=label, model=model)
        permission, _created = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        role.permissions.add(permission)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Membership").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_first_policies"),
        ("core", "0002_audit_trail"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(create, remove)]
