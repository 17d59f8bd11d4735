from django.db import migrations


def add_group(apps, schema_editor):
    """People who lead a group may enter the Wagtail admin; there they find the events that they organise."""
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Organisers")
    permission = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    group.permissions.add(*permission)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Organisers").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_seats"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(add_group, remove_group)]
