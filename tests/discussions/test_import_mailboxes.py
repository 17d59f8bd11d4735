"""Letters of a mailbox as they are in the wild. All of them are made up."""

import io
from collections import Counter
from datetime import UTC, datetime

import pytest

from community.discussions.importing import mailboxes
from community.discussions.importing.messages import Unreadable, key_of
from factories.archives import letter


def read(*letters: bytes):
    return list(mailboxes.pieces(io.BytesIO(b"".join(letters)), 0, 0))


def read_one(*args, **head):
    [piece] = read(letter(*args, **head))
    assert piece.error == ""
    return piece.message


def test_a_letter_is_a_message():
    message = read_one(body="Hello.\n\n-- \nAda", In_Reply_To="<a@x>", References="<c@x>\n <b@x> <a@x>")

    assert (message.subject, message.body, message.address) == ("Question 1", "Hello.", "ada@example.org")
    assert message.written == datetime(2014, 3, 3, 10, 0, tzinfo=UTC)
    assert message.key == key_of("m1@example.org")
    assert message.answers == (key_of("a@x"), key_of("b@x"), key_of("c@x"))
    assert message.is_reply


def test_letters_are_told_apart_and_say_where_they_end():
    letters = [letter(1, "From now on\n\n>From here\n\nFrom there to there"), letter(2), letter(3)]

    found = read(*letters)

    assert [piece.number for piece in found] == [1, 2, 3]
    assert found[0].message.body == "From now on\n\nFrom here\n\nFrom there to there"
    assert found[-1].end == len(b"".join(letters))
    again = list(mailboxes.pieces(io.BytesIO(b"".join(letters)), found[0].end, 1))
    assert again == found[1:]


@pytest.mark.parametrize(
    ("head", "body", "shown"),
    [
        ({"Content_Type": "text/plain; charset=iso-8859-1"}, "Zo\xeb".encode("latin-1"), "Zo\xeb"),
        ({"Content_Type": "text/plain; charset=windows-1252"}, b"\x93so\x94", "\u201cso\u201d"),
        ({"Content_Type": "text/plain; charset=x-nobody-knows"}, "Zo\xeb".encode(), "Zo\xeb"),
        ({"Content_Type": "text/plain; charset=unknown-8bit"}, b"Zo\xeb", "Zo\xeb"),
        ({"Content_Type": "text/plain; charset=idna"}, b"xn--so", "xn--so"),
        ({"Content_Type": "text/plain; charset=-punycode"}, b"Bcher-kva", "Bcher-kva"),
        ({"Content_Type": "text/plain; charset=unicode-escape"}, rb"\u0041", r"\u0041"),
        ({"Content_Type": "text/plain; charset=hex"}, b"words", "words"),
        ({"Content_Type": 'text/plain; charset="utf-8'}, "Zo\xeb".encode(), "Zo\xeb"),
        ({}, b"Zo\xff", "Zo\xff"),
        ({"Content_Transfer_Encoding": "base64"}, b"SGVsbG8sIGFsbA==", "Hello, all"),
        ({"Content_Transfer_Encoding": "base64"}, b"no base64!", None),
        ({"Content_Transfer_Encoding": "quoted-printable"}, b"Zo=C3=AB and =\nmore", "Zo\xeb and more"),
        ({"Content_Type": "nonsense"}, b"words", "words"),
        ({"Content_Type": "text/html"}, b"<p>Hello</p><p>all</p>", "Hello\n\nall"),
        ({}, b"a\0b\r\nc", "ab\nc"),
    ],
)
def test_a_body_is_read_whatever_it_claims_to_be(head, body, shown):
    [piece] = read(letter(1, body, **head))

    assert piece.error or piece.message
    if shown is not None:
        assert piece.message.body == shown


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?q?Zo=C3=AB?=", "Zo\xeb"),
        ("=?iso-8859-1?b?Wm/r?= =?iso-8859-1?b?IQ==?=", "Zo\xeb!"),
        ("=?nobody-knows?q?Zo=EB?=", "Zo\xeb"),
        ("=?utf-8?b?no base64", "=?utf-8?b?no base64"),
        ("=?utf-8?b?a?=", None),
        ("Zo\udcc3\udcab", "Zo\xeb"),
        ("Zo\udceb", "Zo\xeb"),
        ("a" * 5000, "a" * 140),
        ("one\n two", "one two"),
    ],
)
def test_a_subject_is_read_whatever_it_is_written_in(raw, subject):
    message = read_one(Subject=raw)

    assert subject in (None, message.subject)


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ({"From": "ada at example.org (Ada Example)"}, "ada@example.org"),
        ({"From": "=?utf-8?q?Ad=C3=A9?= <ade@example.org>"}, "ade@example.org"),
        ({"From": '"Example, Ada (\\"Ad\\")" <ada@example.org>'}, "ada@example.org"),
        ({"From": "ada@example.org (Ada Example)"}, "ada@example.org"),
        ({"From": "Ada@example.org <ada@example.org>"}, "ada@example.org"),
        ({"From": "Ada"}, ""),
        ({"From": None}, ""),
        ({"From": "<<>>@@"}, None),
    ],
)
def test_who_wrote_it_is_found_where_it_says_so(head, address):
    message = read_one(**head)

    assert address in (None, message.address)


VICTIM = "victim@example.org"


@pytest.mark.parametrize(
    "head",
    [
        {"From": "victim at example.org <eve@evil.org>"},
        {"From": "victim at example.org, eve@evil.org"},
        {"From": "Eve via list <eve@evil.org>", "Reply_To": VICTIM},
        {"From": "Eve via list <talk@lists.example>", "X_Original_From": VICTIM},
        {"From": "=?utf-8?q?victim=40example=2Eorg=2C?= <eve@evil.org>"},
        {"From": "=?utf-8?q?=3Cvictim=40example=2Eorg=3E=2C?= <eve@evil.org>"},
        {"From": "=?utf-8?q?victim_at_example=2Eorg?= <eve@evil.org>"},
        {"From": "=?utf-8?q?victim=40example=2Eorg?="},
        {"From": '"victim at example.org" <eve@evil.org>'},
        {"From": '"<victim@example.org>" <eve@evil.org>'},
        {"From": "(<victim@example.org>) eve@evil.org"},
        {"From": '(") <victim@example.org> (") <eve@evil.org>'},
        {"From": "eve@evil.org, <victim@example.org>"},
        {"From": "<victim@example.org>, eve@evil.org"},
        {"From": "<victim@example.org> <eve@evil.org>"},
        {"From": "victim@example.org <eve@evil.org>"},
        {"From": "Eve victim@example.org"},
        {"From": "Eve victim at example.org"},
        {"From": "victim at example.org" + " " * 10 + "x"},
        {"From": "victim@example.org" + "," * 2000 + "<eve@evil.org>"},
        {"From": "Eve <eve@evil.org>\nFrom: <victim@example.org>"},
        {"From": "<victim@example.org>\nFrom: Eve <eve@evil.org>"},
    ],
)
def test_nobody_writes_in_the_name_of_another_by_what_they_call_themselves(head):
    assert read_one(**head).address != VICTIM


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ({"Date": "Mon, 03 Mar 2014 09:12:00 -0500"}, "2014-03-03T14:12:00+00:00"),
        ({"Date": None, "Received": "from x by y; Mon, 3 Mar 2014 09:13:00 +0000"}, "2014-03-03T09:13:00+00:00"),
        ({"Date": "yesterday"}, "2014-03-03T10:00:00+00:00"),
        ({"Date": None}, "2014-03-03T10:00:00+00:00"),
        ({"Date": "Thu, 1 Jan 1970 00:00:00 +0000"}, "2014-03-03T10:00:00+00:00"),
        ({"Date": "Mon, 03 Mar 20140 09:12:00 -9999"}, "2014-03-03T10:00:00+00:00"),
    ],
)
def test_when_it_was_written_is_found_where_a_clock_says_so(head, written):
    assert read_one(**head).written.astimezone(UTC).isoformat() == written


def test_no_clock_says_when():
    [piece] = read(b"From MAILER 9:00\nSubject: x\n\nWords.\n")

    assert piece.message.written is None


def parts(*kinds: tuple[str, str], kind: str = "mixed") -> tuple[str, str]:
    """Head and body of a letter with several parts."""
    body = "".join(f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in kinds)
    return f"multipart/{kind}; boundary=b", f"{body}--b--\n"


def test_files_are_left_out_and_counted_by_kind():
    files = [('application/pdf; name="Jane Roe.pdf"', "x"), ("image/png", "x"), ("text/plain; name=notes.txt", "Notes")]
    kind, body = parts(("text/plain", "My words."), *files, ("message/rfc822", "Subject: a\n\nAnother"))

    message = read_one(1, body, Content_Type=kind)

    assert message.body == "My words."
    assert Counter(message.attached) == {"application": 1, "image": 1, "text": 1, "message": 1}
    assert "Roe" not in repr(message)


def test_of_two_forms_of_the_same_words_the_plain_one_is_read():
    kind, body = parts(("text/plain", "Plain."), ("text/html", "<b>Rich.</b>"), kind="alternative")
    only, rich = parts(("text/plain", " "), ("text/html", "<b>Rich.</b>"), kind="alternative")

    assert read_one(1, body, Content_Type=kind).body == "Plain."
    assert read_one(1, rich, Content_Type=only).body == "Rich."


@pytest.mark.parametrize(
    "raw",
    [
        letter(1, ""),
        letter(1, "> only\n> quoted"),
        letter(1, "-- \nAda"),
        letter(1, "x", Content_Type="multipart/mixed"),
        letter(1, "--b\n", Content_Type="multipart/mixed; boundary=b"),
        b"From x 9:00\n",
        b"From x 9:00\n\n\n",
    ],
)
def test_a_letter_without_words_is_said_to_be_one(raw):
    [piece] = read(raw)

    assert piece.message is None or piece.message.body
    assert piece.message or "Nothing is left" in piece.error


def test_a_letter_with_parts_in_parts_without_end_is_one_error():
    body = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(3000))

    found = read(letter(1, body, Content_Type="multipart/mixed; boundary=b0"), letter(2))

    assert found[0].error
    assert found[1].message.subject == "Question 2"


def test_a_letter_that_is_too_large_is_one_error(monkeypatch):
    monkeypatch.setattr(mailboxes, "LARGEST", 10_000)

    found = read(letter(1, "word " * 100 + "\n" + "line\n" * 3000), letter(2))

    assert "larger than" in found[0].error
    assert found[1].message.subject == "Question 2"


def test_a_letter_without_a_number_is_known_by_all_that_it_says():
    one, two, three = read(
        letter(1, "One", Message_ID=None), letter(1, "One", Message_ID=None), letter(1, "Two", Message_ID=None)
    )

    assert one.message.key == two.message.key != three.message.key


def test_what_is_no_mailbox_is_refused():
    with pytest.raises(Unreadable, match="no mbox"):
        read(b"PK\x03\x04 something else\n")
    assert read(b"\n\n") == []
