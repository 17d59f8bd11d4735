"""Files with the composer's form, and by themselves where it has a script."""

import pytest
from django.conf import settings as configured

from community.discussions.models import Attachment, Topic
from factories.attachments import names, reply_with, stored
from factories.discussions import make_topic
from factories.files import PDF, photograph, sent
from factories.members import UserFactory


@pytest.fixture(autouse=True)
def disk(settings):
    """A folder of the test's own, which begins empty."""
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def topic(places):
    return make_topic(places["members"])


# With the form ------------------------------------------------------------------------------------------------------


def test_files_are_posted_with_a_plain_form(client, topic, author):
    client.force_login(author)

    client.post(
        f"{topic.get_absolute_url()}reply/",
        {"body": "Two of them.", "files": [sent(name="a.pdf"), sent(photograph(), "b.jpg")]},
    )

    post = topic.posts.get(position=2)
    html = client.get(topic.get_absolute_url()).content.decode()
    assert names(post.attachments) == ["a.pdf", "b.webp"]
    for file in post.attachments.all():
        assert f'href="{file.get_absolute_url()}"' in html
    assert f'<img src="{post.attachments.last().get_absolute_url()}" alt="b.webp"' in html


def test_the_button_that_adds_files_posts_nothing_and_keeps_what_was_typed(client, topic, author):
    client.force_login(author)
    path = f"{topic.get_absolute_url()}reply/"

    page = client.post(path, {"body": "Half a sent", "attach": "1", "files": sent(photograph(), "b.jpg")})

    file = Attachment.objects.get()
    html = page.content.decode()
    assert page.status_code == 200
    assert "Half a sent" in html
    assert f'name="alt_{file.pk}"' in html
    assert topic.posts.count() == 1
    assert f'name="alt_{file.pk}"' in client.get(path).content.decode()

    client.post(path, {"body": "A whole sentence.", f"alt_{file.pk}": "A sketch of the room"})
    shown = client.get(topic.get_absolute_url()).content.decode()
    assert 'alt="A sketch of the room"' in shown


def test_files_survive_words_that_are_refused(client, author, places):
    client.force_login(author)
    path = f"{places['members'].get_absolute_url()}new/"

    page = client.post(path, {"subject": "", "body": "My words.", "files": sent(name="a.pdf")})

    assert page.status_code == 422
    assert "a.pdf" in page.content.decode()
    client.post(path, {"subject": "Fees", "body": "My words."})
    assert names(Topic.objects.get().first_post.attachments) == ["a.pdf"]


def test_of_several_files_the_good_ones_are_kept(client, topic, author):
    client.force_login(author)
    path = f"{topic.get_absolute_url()}reply/"

    page = client.post(path, {"body": "My words.", "files": [sent(name="a.pdf"), sent(b"MZ", "b.exe")]})

    assert page.status_code == 422
    assert names(Attachment.objects) == ["a.pdf"]
    assert "b.exe" in page.content.decode()


def test_one_is_left_out_again(client, topic, author):
    client.force_login(author)
    path = f"{topic.get_absolute_url()}reply/"
    client.post(path, {"body": "x", "attach": "1", "files": [sent(name="a.pdf"), sent(name="b.pdf")]})
    first = Attachment.objects.first()

    client.post(path, {"body": "One of them.", "without": [first.pk, "x", "9" * 40]})

    assert names(topic.posts.get(position=2).attachments) == ["b.pdf"]
    assert names(Attachment.objects) == ["b.pdf"]


def test_a_posted_file_goes_when_the_change_is_saved_and_not_before(client, topic, author):
    post = reply_with(topic, author, (PDF, "a.pdf"), (PDF, "b.pdf"))
    client.force_login(author)
    path = f"{post.get_absolute_url()}edit/"
    first = post.attachments.first()

    page = client.post(path, {"body": "x", "attach": "1", "without": first.pk, "based_on": 0})
    assert "a.pdf" in page.content.decode()
    assert names(post.attachments) == ["a.pdf", "b.pdf"]

    client.post(path, {"body": "Without it.", "without": first.pk, "based_on": 0})
    assert names(post.attachments) == ["b.pdf"]


def test_nobody_leaves_out_the_files_of_another_post(client, topic, author):
    theirs = reply_with(topic, UserFactory(), (PDF, "theirs.pdf"))
    own = reply_with(topic, author, (PDF, "own.pdf"))
    client.force_login(author)

    client.post(
        f"{own.get_absolute_url()}edit/",
        {"body": "Changed.", "without": theirs.attachments.get().pk, "based_on": 0},
    )

    assert names(theirs.attachments) == ["theirs.pdf"]


# With a script ------------------------------------------------------------------------------------------------------


def test_a_script_puts_files_to_the_draft_describes_and_takes_them_out(
    client, topic, author, django_capture_on_commit_callbacks
):
    client.force_login(author)

    answer = client.post("/discussions/file/", {"place": f"topic-{topic.pk}", "files": sent(photograph(), "b.jpg")})

    file = Attachment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "files": [
            {
                "id": file.pk,
                "name": "b.webp",
                "size": file.size_words,
                "url": file.get_absolute_url(),
                "is_picture": True,
                "alt": "",
            }
        ],
        "refused": [],
    }
    assert client.post(f"/discussions/file/{file.pk}/describe/", {"alt": "A room"}).status_code == 204
    assert client.post(f"/discussions/file/{file.pk}/describe/", {"alt": "x" * 301}).status_code == 422
    file.refresh_from_db()
    assert file.alt == "A room"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/discussions/file/{file.pk}/remove/").status_code == 204
    assert client.post(f"/discussions/file/{file.pk}/remove/").status_code == 404
    assert stored() == set()


def test_a_script_is_told_in_a_sentence_what_was_refused(client, topic, author):
    client.force_login(author)
    sent_files = {"place": f"topic-{topic.pk}", "files": [sent(name="a.pdf"), sent(b"MZ", "b.exe")]}

    answer = client.post("/discussions/file/", sent_files)

    assert answer.status_code == 422
    assert [each["name"] for each in answer.json()["files"]] == ["a.pdf"]
    assert answer.json()["refused"][0].startswith("b.exe: ")


@pytest.mark.parametrize(
    "place", ["", "topic-0", "topic-x", f"topic-{'9' * 40}", "topic-1\x00", "forum-1, topic-1", "user-1", "post-²"]
)
def test_a_place_that_is_none_is_a_404(client, author, place):
    client.force_login(author)

    assert client.post("/discussions/file/", {"place": place, "files": sent()}).status_code == 404
    assert stored() == set()


@pytest.mark.parametrize("path", ["file/0/", f"file/{'9' * 40}/", "file/x/", f"file/{'9' * 40}/describe/"])
def test_a_bad_number_is_a_404(client, author, path):
    client.force_login(author)

    assert client.get(f"/discussions/{path}").status_code in (404, 405)
    assert client.post(f"/discussions/{path}").status_code in (404, 405)


def test_every_address_states_its_methods(client, topic, author):
    file = reply_with(topic, author, (PDF, "a.pdf")).attachments.get()
    client.force_login(author)

    assert client.get("/discussions/file/").status_code == 405
    assert client.post(file.get_absolute_url()).status_code == 405
    assert client.get(f"{file.get_absolute_url()}remove/").status_code == 405
    assert client.get(f"{file.get_absolute_url()}describe/").status_code == 405
