import pytest
from django.test import Client, RequestFactory

from core.errors import MAX_WORDS, bad_request, own_words, server_error
from factories.members import UserFactory

WORDS = "I bring it into the room as it stands.\n\n<b>And ask.</b>"


@pytest.fixture(autouse=True)
def _database(db):
    pass


def test_404_is_the_same_page_for_a_place_that_is_not_there_and_one_that_is_private(client):
    never_was = client.get("/nothing/here/")
    private = client.get("/media/pictures/somebody.webp")
    odd = client.get("/people/%00/")

    assert never_was.status_code == private.status_code == odd.status_code == 404
    bodies = {
        response.content.replace(b"/nothing/here/", b"").replace(b"/media/pictures/somebody.webp", b"")
        for response in (never_was, private)
    }
    assert len(bodies) == 1


def test_404_says_it_in_our_words(client):
    page = client.get("/nothing/here/").content.decode()

    assert "There is nothing here that we can show you" in page
    assert 'class="own-words' not in page


def test_404_that_answers_a_post_gives_the_words_back(client):
    response = client.post("/nothing/here/", {"subject": "A plateau", "body": WORDS, "thread": "17"})

    page = response.content.decode()
    assert response.status_code == 404
    assert "A plateau\n\nI bring it into the room as it stands." in page
    assert "&lt;b&gt;And ask.&lt;/b&gt;" in page
    assert "17</textarea>" not in page
    assert response["Cache-Control"] == "no-store"


def test_404_gives_the_words_back_to_a_member_too(client):
    client.force_login(UserFactory())

    assert "It was not sent" in client.post("/groups/999/join/", {"body": WORDS}).content.decode()


def test_words_leave_out_secrets_ids_and_ticks():
    request = RequestFactory().post(
        "/x/",
        {
            "csrfmiddlewaretoken": "abc def",
            "password1": "correct horse",
            "new_password": "battery staple",
            "otp_token": "a b",
            "code": "123 456",
            "recovery_codes": "aa bb",
            "next": "/today/",
            "forum": "4",
            "quiet": "on",
            "key": "0d4c2b6e-94b8-4b0e-9a64-5d4a8f7c1f11",
            "empty": "   ",
            "body": "Only this.",
        },
    )

    assert own_words(request) == "Only this."


def test_words_are_capped():
    request = RequestFactory().post("/x/", {"body": "a" * (MAX_WORDS + 10)})

    assert len(own_words(request)) == MAX_WORDS


def test_words_of_another_sites_form_are_not_shown():
    request = RequestFactory().post("/x/", {"body": "Call this number"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert own_words(request) == ""


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x00\xff\xfe", "application/octet-stream"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"body=%ff%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=b" % n for n in range(1100)), "application/x-www-form-urlencoded"),
    ],
)
def test_words_that_cannot_be_read_never_break_the_page(client, body, content_type):
    response = client.generic("POST", "/nothing/here/", body, content_type=content_type)

    assert response.status_code in {400, 404}


def test_form_that_is_too_old_gives_the_words_back():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "maren@example.org", "password": "hunter two", "note": WORDS})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Please send it again" in page
    assert "I bring it into the room as it stands." in page
    assert "hunter two" not in page


def test_fault_of_ours_gives_the_words_back_without_the_database(django_assert_num_queries):
    request = RequestFactory().post("/x/", {"body": WORDS})

    with django_assert_num_queries(0):
        broken, odd = server_error(request), bad_request(request, ValueError())

    assert (broken.status_code, odd.status_code) == (500, 400)
    assert "Something went wrong on our side" in broken.content.decode()
    assert "I bring it into the room" in broken.content.decode()
    assert "I bring it into the room" in odd.content.decode()


def test_wrong_host_is_a_400_in_our_words(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "We could not make sense of that" in response.content.decode()
