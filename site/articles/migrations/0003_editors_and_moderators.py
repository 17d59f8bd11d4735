"""What editors and moderators may do: exactly this.

Editors work on the pages below home, publish them, and keep the library of images, documents and topics. Moderators
read reports and act on them, on the site; they have no business in the page tree. A page that wants a second pair of
eyes is sent round: any editor may approve it.

Wagtail's own migrations make both groups with more rights; those are taken back.
"""

from django.db import migrations

PAGES = ["add", "change", "publish", "lock", "unlock"]
LIBRARY = [("wagtailimages", "image"), ("wagtaildocs", "document")]  # Wagtail asks for its own, whatever model is used
TOPICS = ["add", "change", "delete", "view"]


def create(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    HomePage = apps.get_model("articles", "HomePage")
    Collection = apps.get_model("wagtailcore", "Collection")
    editors, _created = Group.objects.get_or_create(name="Editors")
    moderators, _created = Group.objects.get_or_create(name="Moderators")
    for group in (editors, moderators):
        _take_back(apps, group)

    editors.permissions.add(_permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"))
    for action in TOPICS:
        editors.permissions.add(_permission(apps, "core", "subject", f"{action}_subject", f"Can {action} topic"))
    home = Page.objects.get(pk=HomePage.objects.values_list("pk", flat=True).first())
    for action in PAGES:
        permission = _permission(apps, "wagtailcore", "page", f"{action}_page", f"Can {action} page")
        apps.get_model("wagtailcore", "GroupPagePermission").objects.create(group=editors, page=home, permission=permission)
    root = Collection.objects.filter(depth=1).first() or Collection.objects.create(
        name="Root", path="0001", depth=1, numchild=0
    )
    for label, model in LIBRARY:
        for action in ("add", "change", "choose"):
            permission = _permission(apps, label, model, f"{action}_{model}", f"Can {action} {model}")
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.create(
                group=editors, collection=root, permission=permission
            )

    moderators.permissions.add(
        _permission(apps, "safety", "report", "moderate", "Can read reports and act on them")
    )
    _review(apps, editors, home)


def _permission(apps, label, model, codename, name):
    """A permission, made here where Django has not made it yet: it does so only after the last migration."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _created = ContentType.objects.get_or_create(app_label=label, model=model)
    permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": name}
    )
    return permission


def _take_back(apps, group):
    group.permissions.clear()
    apps.get_model("wagtailcore", "GroupPagePermission").objects.filter(group=group).delete()
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(group=group).delete()


def _review(apps, editors, home):
    """One workflow for all pages below home. Wagtail's own, whose reviewers were the moderators, is retired."""
    Workflow = apps.get_model("wagtailcore", "Workflow")
    apps.get_model("wagtailcore", "WorkflowPage").objects.all().delete()
    Workflow.objects.filter(name="Moderators approval").update(active=False)
    apps.get_model("wagtailcore", "Task").objects.filter(name="Moderators approval").update(active=False)

    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _created = ContentType.objects.get_or_create(app_label="wagtailcore", model="groupapprovaltask")
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.create(
        name="A second pair of eyes", content_type=kind, active=True
    )
    task.groups.add(editors)
    workflow = Workflow.objects.create(name="Read by another editor", active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page=home)


def remove(apps, schema_editor):
    """Both groups are left without rights, and pages without a workflow. Wagtail's stock rights are not given back."""
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]):
        _take_back(apps, group)
    workflows = apps.get_model("wagtailcore", "Workflow").objects
    workflows.filter(name="Read by another editor").delete()
    apps.get_model("wagtailcore", "Task").objects.filter(name="A second pair of eyes").delete()
    workflows.filter(name="Moderators approval").update(active=True)
    apps.get_model("wagtailcore", "Task").objects.filter(name="Moderators approval").update(active=True)


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0002_required_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(create, remove)]
