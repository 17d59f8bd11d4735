import io

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from core import documents
from core.models import SiteDocument, SiteImage
from factories.articles import ImageFactory, picture_file
from factories.files import office, open_document
from factories.members import UserFactory


@pytest.fixture
def editor(db):
    editor = UserFactory(staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


def upload(client, content, name):
    return client.post(
        "/admin/images/add/", {"title": "A picture", "file": SimpleUploadedFile(name, content), "tags": ""}
    )


def test_an_editor_adds_a_picture_and_its_sizes_are_made_by_a_job(client, editor, run_jobs):
    client.force_login(editor)

    response = upload(client, picture_file(2000, 1000), "tree.png")
    ran = run_jobs()

    image = SiteImage.objects.get()
    assert response.status_code == 302
    assert ran >= 1
    assert image.renditions.filter(filter_spec="width-960|format-webp").exists()
    assert image.renditions.filter(filter_spec="fill-240x180|format-jpeg").exists()


def test_a_job_for_a_picture_that_is_gone_does_nothing(db, run_jobs):
    ImageFactory().delete()

    run_jobs()

    assert not SiteImage.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg onload='alert(1)'/>", "tree.png"),
        (b"%PDF-1.7", "tree.jpg"),
        (picture_file(kind="GIF"), "tree.jpg"),
        (picture_file(), "tree.svg"),
        (picture_file() + b"\0" * (5 * 1024 * 1024), "tree.png"),
        (b"", "tree.png"),
    ],
    ids=["text", "pdf", "gif called jpg", "svg", "over 5 MB", "empty"],
)
def test_what_is_no_picture_inside_is_refused(client, editor, content, name):
    client.force_login(editor)

    response = upload(client, content, name)

    assert response.status_code == 200
    assert not SiteImage.objects.exists()


def test_sizes_are_for_everybody_and_the_original_for_those_who_work_with_it(client, editor):
    image = ImageFactory()
    rendition = image.get_rendition("width-480|format-webp")

    assert client.get(rendition.url).status_code == 200
    assert client.get(image.file.url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(image.file.url).status_code == 404
    client.force_login(editor)
    assert client.get(image.file.url).status_code == 200


def test_pictures_of_a_private_collection_are_private_and_below_it_too(client, editor):
    private = Collection.get_first_root_node().add_child(name="Private")
    below = private.add_child(name="Below")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    rendition = ImageFactory(collection=below).get_rendition("width-480|format-webp")

    client.force_login(UserFactory())
    assert client.get(rendition.url).status_code == 404
    client.force_login(editor)
    assert client.get(rendition.url).status_code == 200


@pytest.mark.parametrize(
    "name", ["images/none.webp", "images/../original_images/x.png", "images/a%00.webp", "original_images/x"]
)
def test_a_picture_that_is_not_there_is_not_found(client, db, name):
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.pdf", b"%PDF-1.7 ..."),
        ("notes.rtf", b"{\\rtf1 hello}"),
        ("notes.txt", b"hello"),
        ("notes.docx", office("docx")),
        ("sheet.xlsx", office("xlsx")),
        ("talk.pptx", office("pptx")),
        ("notes.odt", open_document("odt")),
    ],
)
def test_a_document_that_is_what_its_name_says_is_accepted(name, content):
    documents.validate_document(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.pdf", b"<html>"),
        ("notes.pdf", b""),
        ("notes.txt", b"MZ\x00\x90"),
        ("notes.docx", office("xlsx")),
        ("notes.docx", b"PK\x03\x04 broken"),
        ("notes.exe", b"MZ"),
    ],
)
def test_a_document_that_is_something_else_inside_is_refused(name, content):
    with pytest.raises(ValidationError):
        documents.validate_document(io.BytesIO(content), name)


def test_the_admin_refuses_a_disguised_document_beside_the_field(client, editor):
    client.force_login(editor)

    response = client.post(
        "/admin/documents/add/", {"title": "Minutes", "file": SimpleUploadedFile("minutes.pdf", b"<html>"), "tags": ""}
    )

    assert response.status_code == 200
    assert "but it is something else" in response.content.decode()
    assert not SiteDocument.objects.exists()


def test_a_document_is_served_by_the_one_file_view_and_a_private_one_to_those_who_work_with_it(
    client, editor, settings
):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    client.force_login(editor)
    client.post(
        "/admin/documents/add/", {"title": "Minutes", "file": SimpleUploadedFile("minutes.pdf", b"%PDF-1"), "tags": ""}
    )
    document = SiteDocument.objects.get()
    visitor = Client()

    response = visitor.get(document.url)
    assert b"".join(response) == b"%PDF-1"
    assert response["Content-Disposition"].startswith("attachment")

    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert visitor.get(document.url).status_code == 404
    assert b"".join(client.get(document.url)) == b"%PDF-1"
