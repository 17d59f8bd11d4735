from io import BytesIO

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from community.groups import agreements, emergency, membership, shelf
from community.groups.models import EmergencyAccess, Group, GroupFile
from community.groups.refusals import GroupRefused
from community.members.models import User
from core.models import AuditEntry
from core.uploads import clean_upload
from factories.files import PDF, keep, office, photograph, sent
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture(autouse=True)
def disk(settings):
    """A folder of the test's own, which begins empty."""
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}


@pytest.fixture
def circle(db):
    """A hidden group with a file in it, put there by a member who does not lead it."""
    group = GroupFactory(hidden=True)
    MembershipFactory(group=group, facilitator=True)
    return group


@pytest.fixture
def insider(circle):
    return MembershipFactory(group=circle).user


@pytest.fixture
def file(circle, insider):
    return keep(circle, insider)


def former(group: Group) -> User:
    return MembershipFactory(group=group, left_at=timezone.now()).user


def lapsed(group: Group) -> User:
    return MembershipFactory(group=group, user=UserFactory(lapsed=True)).user


def emergency_reader(group: Group) -> User:
    reader, second = UserFactory(superuser=True), UserFactory(superuser=True)
    emergency.grant(emergency.ask(group, by=reader, reason="A child is in danger."), by=second)
    return reader


PEOPLE = {
    "visitor": lambda group: None,
    "applicant": lambda group: UserFactory(applicant=True),
    "lapsed member": lapsed,
    "outsider": lambda group: UserFactory(),
    "former member": former,
    "unsigned member": lambda group: MembershipFactory(group=group, unsigned=True).user,
    "facilitator of another group": lambda group: MembershipFactory(facilitator=True).user,
    "staff": lambda group: UserFactory(staff=True),
    "superuser": lambda group: UserFactory(superuser=True),
    "emergency reader": emergency_reader,
    "member": lambda group: MembershipFactory(group=group).user,
    "its adder": lambda group: GroupFile.objects.get().added_by,
    "facilitator": lambda group: MembershipFactory(group=group, facilitator=True).user,
}
READERS = {"emergency reader", "member", "its adder", "facilitator"}
REMOVERS = {"its adder", "facilitator"}


def status(response) -> int:
    response.getvalue()  # a file that nobody reads to its end stays open
    return response.status_code


@pytest.mark.parametrize("who", PEOPLE)
def test_who_reads_which_address(client, circle, file, who):
    person = PEOPLE[who](circle)
    if person:
        client.force_login(person)
    refused = 302 if who == "visitor" else 404
    listed = reverse("groups:files", args=[circle.slug])
    remove = reverse("groups:remove_file", args=[circle.slug, file.pk])

    seen = {
        "list": status(client.get(listed)),
        "bytes": status(client.get(file.get_absolute_url())),
        "head": status(client.head(file.get_absolute_url())),
        "part": status(client.get(file.get_absolute_url(), headers={"Range": "bytes=0-3"})),
        "storage": status(client.get(f"/media/{file.file.name}")),
        "remove": status(client.get(remove)),
    }

    reads = who in READERS
    assert seen == {
        "list": 200 if reads else refused,
        "bytes": 200 if reads else refused,
        "head": 200 if reads else refused,
        "part": 206 if reads else refused,
        "storage": 200 if reads else 404,
        "remove": 200 if who in REMOVERS else refused,
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_who_adds_and_who_removes(client, circle, file, who):
    person = PEOPLE[who](circle)
    if person:
        client.force_login(person)

    client.post(reverse("groups:files", args=[circle.slug]), {"file": sent(name="mine.pdf"), "name": ""})
    added = GroupFile.objects.filter(name="mine.pdf").exists()
    client.post(reverse("groups:remove_file", args=[circle.slug, file.pk]))
    removed = not GroupFile.objects.filter(pk=file.pk).exists()

    assert added == (who in READERS - {"emergency reader"})
    assert removed == (who in REMOVERS)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_functions_ask_for_themselves(circle, file, who):
    person = PEOPLE[who](circle)
    if person is None:
        return
    upload = clean_upload(sent())

    try:
        shelf.add_file(circle, by=person, upload=upload, name="x")
        added = True
    except GroupRefused:
        added = False
    try:
        shelf.remove_file(file, by=person)
        removed = True
    except GroupRefused:
        removed = False

    assert added == (who in READERS - {"emergency reader"})
    assert removed == (who in REMOVERS)
    kept = set(GroupFile.objects.values_list("file", flat=True)) | {file.file.name}
    assert {f"groups/{name}" for name in default_storage.listdir("groups")[1]} == kept


def leaves(file):
    membership.leave(file.group, by=file.added_by)


def is_removed(file):
    leader = file.group.memberships.get(role="facilitator").user
    membership.remove(file.group.memberships.get(user=file.added_by), by=leader, reason="Moved away.")


def has_to_sign_anew(file):
    leader = file.group.memberships.get(role="facilitator").user
    agreements.write_addition(file.group, by=leader, body="No laptops.")


def lapses(file):
    User.objects.filter(pk=file.added_by_id).update(standing="lapsed")


@pytest.mark.parametrize("event", [leaves, is_removed, has_to_sign_anew, lapses])
def test_the_next_request_is_refused(client, circle, insider, file, event):
    client.force_login(insider)
    addresses = [file.get_absolute_url(), f"/media/{file.file.name}", reverse("groups:files", args=[circle.slug])]
    assert [status(client.get(address)) for address in addresses] == [200, 200, 200]

    event(file)

    assert [status(client.get(address)) for address in addresses] == [404, 404, 404]
    assert status(client.get(addresses[0], headers={"If-None-Match": "*", "Range": "bytes=0-0"})) == 404


def test_an_emergency_access_that_ended_reads_no_file(client, circle, file):
    client.force_login(emergency_reader(circle))
    assert status(client.get(file.get_absolute_url())) == 200

    assert AuditEntry.objects.filter(action=emergency.READ).exists()
    EmergencyAccess.objects.update(expires_at=timezone.now())

    assert status(client.get(file.get_absolute_url())) == 404


def test_a_file_goes_out_under_its_name_and_is_kept_nowhere(client, circle, insider, file):
    client.force_login(insider)

    for address in (file.get_absolute_url(), f"/media/{file.file.name}"):
        response = client.get(address)

        assert response.getvalue() == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="notes.pdf"'
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert "sandbox" in response["Content-Security-Policy"]


def test_the_storage_knows_neither_group_nor_name(circle, file):
    folder, _slash, stored = file.file.name.partition("/")

    assert folder == "groups"
    assert len(stored) == len("0" * 32 + ".pdf")
    assert circle.slug not in stored


def test_with_the_id_of_another_groups_file_there_is_nothing(client, circle, insider, file):
    other = MembershipFactory(user=insider, facilitator=True, group__hidden=True).group
    foreign = keep(GroupFactory(hidden=True, slug="foreign"), in_group("foreign"))
    client.force_login(insider)

    for pk in (file.pk, foreign.pk):
        assert status(client.get(reverse("groups:file", args=[other.slug, pk]))) == 404
        assert status(client.get(reverse("groups:remove_file", args=[other.slug, pk]))) == 404
        assert status(client.post(reverse("groups:remove_file", args=[other.slug, pk]))) == 404
    assert status(client.get(reverse("groups:file", args=[circle.slug, foreign.pk]))) == 404
    assert GroupFile.objects.count() == 2


def in_group(slug: str) -> User:
    return MembershipFactory(group=Group.objects.get(slug=slug)).user


@pytest.mark.parametrize(
    ("typed", "name"), [("", "IMG 1.webp"), ("Board.jpeg", "Board.webp"), ("v1.2", "v1.2.webp"), (".png", "png.webp")]
)
def test_a_picture_is_not_called_what_it_was_before(client, circle, insider, typed, name):
    client.force_login(insider)

    client.post(reverse("groups:files", args=[circle.slug]), {"file": sent(photograph(), "IMG 1.JPG"), "name": typed})

    assert GroupFile.objects.get().name == name


def test_a_photograph_loses_its_place_and_is_shown_in_the_page(client, circle, insider):
    client.force_login(insider)

    client.post(
        reverse("groups:files", args=[circle.slug]), {"file": sent(photograph(), "IMG 1.JPG"), "name": "Our board"}
    )

    file = GroupFile.objects.get()
    content = client.get(file.get_absolute_url())
    body = content.getvalue()
    with Image.open(BytesIO(body)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (400, 800)
    assert b"CAMERA-MAKER" not in body
    assert file.name == "Our board.webp"
    assert file.size == len(body)
    assert content["Content-Disposition"] == 'inline; filename="Our board.webp"'
    assert content["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("typed", "sent_as", "name"),
    [
        ("", "Minutes of May.pdf", "Minutes of May.pdf"),
        ("Minutes", "scan0001.pdf", "Minutes.pdf"),
        ("Minutes.exe", "scan.pdf", "Minutes.exe.pdf"),
        ("cod\u202efdp", "scan.pdf", "codfdp.pdf"),
        ("a\r\nX-Header: b", "scan.pdf", "a X-Header- b.pdf"),
        ('"; filename="x.exe', "scan.pdf", "; filename=-x.exe.pdf"),
        ("…", "scan.pdf", "….pdf"),
        ("x" * 120, "scan.pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_file_is_called_what_was_typed_and_ends_in_what_it_is(client, circle, insider, typed, sent_as, name):
    client.force_login(insider)

    client.post(reverse("groups:files", args=[circle.slug]), {"file": sent(name=sent_as), "name": typed})

    assert GroupFile.objects.get().name == name
    response = client.get(GroupFile.objects.get().get_absolute_url())
    response.getvalue()
    assert response["Content-Disposition"].isascii()
    assert "X-Header" not in response.headers


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"file": sent(b"<html>", "page.html")}, "We cannot take this kind of file"),
        ({"file": sent(b"<html>", "notes.pdf")}, "but it is something else"),
        ({"file": sent(office("docx", parts={"word/vbaProject.bin": b"x"}), "notes.docx")}, "This file has macros"),
        ({"file": sent(b"", "notes.pdf")}, "This file is empty"),
        ({"file": sent(b"no picture", "me.jpg")}, "We cannot read this as a picture"),
        ({}, "This field is required"),
        ({"file": sent(), "name": "x" * 121}, "at most 120 characters"),
        ({"file": sent(), "name": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_name_is_kept(client, circle, insider, data, said):
    client.force_login(insider)

    page = client.post(reverse("groups:files", args=[circle.slug]), {"name": "Typed before"} | data)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert data.get("name") or 'value="Typed before"' in page.content.decode()
    assert not GroupFile.objects.exists()
    assert not default_storage.exists("groups")


def test_a_shelf_holds_so_many_files(client, circle, insider, file, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 1)
    client.force_login(insider)

    page = client.post(reverse("groups:files", args=[circle.slug]), {"file": sent(), "name": "One more"})

    assert "that is all it can keep" in page.content.decode()
    assert 'value="One more"' in page.content.decode()
    assert GroupFile.objects.count() == 1
    assert len(default_storage.listdir("groups")[1]) == 1


def test_a_shelf_holds_so_many_bytes(circle, insider, file, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_BYTES", 2 * file.size - 1)
    with pytest.raises(GroupRefused, match="would take up more than"):
        keep(circle, insider)

    monkeypatch.setattr(shelf, "MOST_BYTES", 2 * file.size)
    keep(circle, insider)

    assert GroupFile.objects.count() == 2


def test_an_archived_group_keeps_its_files_as_they_are(client, circle, insider, file):
    Group.objects.filter(pk=circle.pk).update(archived_at=timezone.now())
    client.force_login(insider)
    listed = reverse("groups:files", args=[circle.slug])

    page = client.get(listed).content.decode()

    assert "is archived" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert status(client.get(file.get_absolute_url())) == 200
    assert "is archived" in client.post(listed, {"file": sent()}).content.decode()
    assert client.post(reverse("groups:remove_file", args=[circle.slug, file.pk])).status_code == 404
    with pytest.raises(GroupRefused, match="archived"):
        shelf.remove_file(file, by=insider)
    assert GroupFile.objects.get() == file


def test_a_removed_file_takes_its_bytes_with_it(circle, insider, file, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        shelf.remove_file(file, by=insider)
    shelf.remove_file(file, by=insider)

    assert not GroupFile.objects.exists()
    assert default_storage.listdir("groups")[1] == []


def test_bytes_stay_where_the_removal_is_undone(circle, insider, file, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        shelf.remove_file(file, by=insider)
        transaction.set_rollback(True)

    assert default_storage.exists(file.file.name)


def test_bytes_without_a_row_are_read_by_nobody(client, circle, insider, file):
    client.force_login(insider)
    GroupFile.objects.all().delete()

    assert default_storage.exists(file.file.name)
    assert status(client.get(f"/media/{file.file.name}")) == 404


def test_a_row_without_bytes_is_missing(client, circle, insider, file):
    client.force_login(insider)
    default_storage.delete(file.file.name)

    assert status(client.get(file.get_absolute_url())) == 404


def test_the_trail_tells_who_added_and_who_removed(circle, insider, file):
    leader = circle.memberships.get(role="facilitator").user

    shelf.remove_file(file, by=leader)

    rows = AuditEntry.objects.filter(action__startswith="group.file").order_by("pk")
    assert list(rows.values_list("action", "actor_id", "target_id", "person_id")) == [
        ("group.file.added", insider.pk, circle.pk, None),
        ("group.file.removed", leader.pk, circle.pk, insider.pk),
    ]


def test_the_database_keeps_no_file_without_a_name(circle, insider, file):
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupFile.objects.update(name="")


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_file_and_for_twenty(client, circle, insider, django_assert_num_queries, count):
    for number in range(count):
        keep(circle, MembershipFactory(group=circle).user if number < 7 else insider, name=f"{number}.pdf")
    client.force_login(insider)
    address = reverse("groups:files", args=[circle.slug])
    client.get(address)

    with django_assert_num_queries(7):
        assert client.get(address).content.decode().count("file-row__name") == count


@pytest.mark.parametrize("count", [1, 20])
def test_the_newest_files_are_one_query(circle, insider, django_assert_num_queries, count):
    for number in range(count):
        keep(circle, insider, name=f"{number}.pdf")

    with django_assert_num_queries(1):
        files = list(shelf.newest(circle, insider))
        assert [str(file.added_by) for file in files] == [insider.display_name] * min(count, 5)
        assert files[0].get_absolute_url().startswith(circle.get_absolute_url())

    assert files[0].name == f"{count - 1}.pdf"
    assert list(shelf.newest(circle, UserFactory())) == []


@pytest.mark.parametrize("page", ["0", "zz", "999", "%00"])
def test_a_page_that_the_list_does_not_have_is_missing(client, circle, insider, page):
    client.force_login(insider)

    assert client.get(f"{reverse('groups:files', args=[circle.slug])}?page={page}").status_code == 404


@pytest.mark.parametrize("pk", ["0", "9" * 40])
def test_an_id_that_is_none_is_missing(client, circle, insider, pk):
    client.force_login(insider)

    assert client.get(f"{circle.get_absolute_url()}files/{pk}/").status_code == 404
    assert client.post(f"{circle.get_absolute_url()}files/{pk}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("name", "method"), [("files", "put"), ("files", "delete"), ("file", "post"), ("remove_file", "delete")]
)
def test_addresses_take_their_methods_only(client, circle, insider, file, name, method):
    client.force_login(insider)
    args = [circle.slug] if name == "files" else [circle.slug, file.pk]

    assert getattr(client, method)(reverse(f"groups:{name}", args=args)).status_code == 405


def on_home(group: Group, reader: User, *, may_add: bool) -> str:
    """The part of the group's home that shows its files."""
    context = {"group": group, "user": reader, "files": shelf.newest(group, reader), "may_add": may_add}
    return Template('{% include "groups/_files.html" %}').render(Context(context))


@pytest.mark.parametrize("count", [1, 20])
def test_what_the_groups_home_shows_of_the_files_costs_one_query(circle, insider, django_assert_num_queries, count):
    for number in range(count):
        keep(circle, insider, name=f"{number}.pdf")

    with django_assert_num_queries(1):
        home = on_home(circle, insider, may_add=True)

    assert home.count("file-row__name") == min(count, 5)
    assert "All files, and add one" in home
    assert "file-row__name" not in on_home(circle, UserFactory(), may_add=False)


def test_an_empty_shelf_says_what_goes_there_and_offers_the_way(client, circle, insider):
    client.force_login(insider)
    way = reverse("groups:files", args=[circle.slug])

    assert way in on_home(circle, insider, may_add=True)
    assert way not in on_home(circle, insider, may_add=False)
    assert "Nothing on the shelf yet" in client.get(way).content.decode()
