from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from community.members.forms import ProfileForm
from community.members.models import User
from core.models import Subject
from core.uploads import clean_picture
from factories.members import UserFactory


def picture(size=(800, 600), kind="JPEG", **options) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def with_place_and_time() -> bytes:
    """A photograph that says where and when, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = (39.0, 57.0, 40.0)
    return picture((800, 400), exif=exif, comment=b"at home")


def upload(content: bytes, name="me.jpg", content_type="image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_comes_out_small_under_a_name_of_its_own(kind):
    cleaned = clean_picture(upload(picture((2000, 1000), kind), name="Jane Doe at home.exe"))

    with Image.open(cleaned) as image:
        assert (image.format, image.size) == ("WEBP", (512, 256))
    assert "Jane" not in cleaned.name
    assert cleaned.name.endswith(".webp")


def test_a_small_picture_is_not_blown_up():
    with Image.open(clean_picture(upload(picture((40, 30))))) as image:
        assert image.size == (40, 30)


def test_a_picture_forgets_where_and_when_and_stands_upright():
    cleaned = clean_picture(upload(with_place_and_time()))
    content = cleaned.read()

    with Image.open(BytesIO(content)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert image.size == (256, 512)
    assert b"CAMERA-MAKER" not in content
    assert b"at home" not in content


def test_a_transparent_picture_gets_a_white_ground():
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")

    with Image.open(clean_picture(upload(out.getvalue()))) as image:
        assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_stays():
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    with Image.open(clean_picture(upload(out.getvalue()))) as image:
        assert getattr(image, "n_frames", 1) == 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        b"MZ this is a program",
        SVG,
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF89a",
        picture()[:300],
        b"\x00" * 100,
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content):
    with pytest.raises(ValidationError, match="cannot read this as a picture"):
        clean_picture(upload(content, name="portrait.jpg"))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM"])
def test_kinds_of_picture_that_browsers_do_not_need_are_refused(kind):
    with pytest.raises(ValidationError):
        clean_picture(upload(picture((50, 50), kind)))


def test_a_picture_over_five_megabytes_is_refused():
    with pytest.raises(ValidationError, match=r"larger than 5\\xa0MB"):
        clean_picture(upload(picture() + b"\x00" * 5 * 1024 * 1024))


@pytest.mark.parametrize("size", [(8000, 8000), (20000, 20000), (60000, 1000)])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unopened(size):
    out = BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert len(out.getvalue()) < 200_000

    with pytest.raises(ValidationError, match="too many pixels"):
        clean_picture(upload(out.getvalue()))


@pytest.fixture
def member(client, db):
    user = UserFactory(display_name="Maren Aldous")
    client.force_login(user)
    return user


def save(client, **changes):
    typed = {"display_name": "Maren Aldous", "time_zone": "America/New_York"} | changes
    return client.post("/account/profile/", typed)


def test_what_is_decided_while_a_profile_is_saved_stands(member):
    subject = Subject.objects.create(name="Trauma", slug="trauma")
    typed = {"display_name": "Maren B.", "time_zone": "America/New_York", "interests": [subject.pk]}
    form = ProfileForm(typed, {"picture": upload(picture())}, instance=User.objects.get(pk=member.pk))
    assert form.is_valid()
    User.objects.filter(pk=member.pk).update(standing="removed")

    form.save()

    member.refresh_from_db()
    assert (member.display_name, member.standing, list(member.interests.all())) == ("Maren B.", "removed", [subject])
    assert member.picture


def test_a_profile_is_saved_as_typed(client, member):
    subject = Subject.objects.create(name="Trauma", slug="trauma")

    answer = save(
        client,
        display_name="  Maren   B. Aldous ",
        pronouns="she/her",
        discipline="psychologist",
        credentials="PhD",
        licence_jurisdiction="Ohio",
        licence_number="P.1",
        city="Columbus",
        region="Ohio",
        time_zone="Europe/Lisbon",
        bio="Two\nlines",
        interests=[subject.pk],
        hidden="on",
    )

    assert answer.url == f"/people/{member.pk}/"
    saved = User.objects.get(pk=member.pk)
    assert (saved.display_name, saved.byline) == ("Maren B. Aldous", "PhD · Ohio")
    assert (saved.zone_words, saved.hidden, list(saved.interests.all())) == ("Lisbon time", True, [subject])


def test_the_form_changes_nothing_that_staff_decide(client, member):
    save(
        client,
        standing="active",
        is_staff="on",
        is_superuser="on",
        licence_checked_on="2026-01-01",
        email="other@example.org",
        groups="1",
    )

    saved = User.objects.get(pk=member.pk)
    assert (saved.is_staff, saved.is_superuser, saved.licence_checked_on, saved.email) == (
        False,
        False,
        None,
        member.email,
    )


def test_a_licence_that_was_checked_is_not_changed_by_its_owner(client, db):
    member = UserFactory(licence_checked_on=date(2026, 3, 1), licence_jurisdiction="Ohio", licence_number="P.1")
    client.force_login(member)

    save(client, licence_jurisdiction="California", licence_number="X.9")

    saved = User.objects.get(pk=member.pk)
    assert (saved.licence_jurisdiction, saved.licence_number) == ("Ohio", "P.1")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("display_name", ""),
        ("display_name", "   "),
        ("display_name", "..."),
        ("display_name", "x" * 81),
        ("display_name", "Ann\x00"),
        ("discipline", "astrologer"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("bio", "x" * 601),
        ("city", "\x00"),
        ("interests", "999999"),
        ("interests", "x"),
        ("interests", "99999999999999999999"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client, member, field, typed):
    answer = save(client, **{"bio": "Keep these words.", field: typed})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    if field != "bio":
        assert "Keep these words." in answer.content.decode()
    assert User.objects.get(pk=member.pk).bio == ""


def test_the_header_does_not_show_a_name_that_was_not_saved(client, member):
    page = save(client, display_name="Somebody Else", time_zone="nowhere").content.decode()

    assert '<p class="menu__title">Maren Aldous</p>' in page


def test_a_picture_is_set_replaced_and_removed_with_its_file(client, member, django_capture_on_commit_callbacks):
    save(client, picture=upload(picture()))
    first = User.objects.get(pk=member.pk).picture.name
    assert first.startswith("pictures/")
    assert default_storage.exists(first)

    with django_capture_on_commit_callbacks(execute=True):
        save(client, picture=upload(picture(kind="PNG")))
    second = User.objects.get(pk=member.pk).picture.name
    assert second != first
    assert not default_storage.exists(first)

    save(client, city="Columbus")
    assert User.objects.get(pk=member.pk).picture.name == second

    with django_capture_on_commit_callbacks(execute=True):
        save(client, remove_picture="on")
    assert not User.objects.get(pk=member.pk).picture
    assert not default_storage.exists(second)


@pytest.mark.parametrize("content", [b"no picture", b"", picture() + b"\x00" * 5 * 1024 * 1024])
def test_a_picture_that_is_refused_says_why_and_keeps_the_rest(client, member, content):
    answer = save(client, picture=upload(content), city="Columbus")

    assert answer.status_code == 200
    assert answer.context["form"].errors["picture"]
    assert 'value="Columbus"' in answer.content.decode()
    assert not User.objects.get(pk=member.pk).picture


@pytest.mark.parametrize(
    ("viewer", "status"),
    [(None, 404), ({"applicant": True}, 404), ({"lapsed": True}, 404), ({}, 200), ({"staff": True}, 200)],
)
def test_pictures_are_for_members(client, member, viewer, status):
    save(client, picture=upload(picture()))
    address = User.objects.get(pk=member.pk).picture.url
    client.logout()
    if viewer is not None:
        client.force_login(UserFactory(**viewer))

    assert client.get(address).status_code == status


def test_the_picture_of_somebody_who_hides_is_for_themselves(client, member):
    save(client, picture=upload(picture()), hidden="on")
    address = User.objects.get(pk=member.pk).picture.url

    assert client.get(address).status_code == 200
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_the_page_of_the_profile_offers_an_old_zone_that_still_counts(client, db):
    client.force_login(UserFactory(time_zone="US/Eastern"))

    assert (
        '<option value="US/Eastern" selected>Eastern time</option>' in client.get("/account/profile/").content.decode()
    )


@pytest.mark.parametrize("count", [1, 20])
def test_the_profile_costs_the_same_for_one_and_for_twenty_topics(client, member, django_assert_num_queries, count):
    for number in range(count):
        Subject.objects.create(name=f"S{number}", slug=f"s{number}")
    client.get("/people/")

    with django_assert_num_queries(6):
        client.get("/account/profile/")
