"""What is left of a letter when it becomes a post. All of it is made up."""

from time import process_time

import pytest

from community.discussions.importing import bodies
from community.discussions.posting import LONGEST_BODY
from core import markdown


@pytest.mark.parametrize(
    "below",
    [
        "-- \nAda Example, LCSW\n12 Main Street",
        "--\nAda",
        "-----Original Message-----\nFrom: Ben\n\nEarlier words",
        "On Mon, Mar 3, 2014 at 9:12 AM, Ben Example <ben@example.org> wrote:\n> Earlier words\n>\n> more",
        "On Mon, Mar 3, 2014 at 9:12 AM, Ben Example\n<ben@example.org> wrote:\n\n> Earlier words",
        "Am 3. März 2014 um 9:12 schrieb Ben <ben@example.org>:\n> Earlier words",
        "Ben Example <ben@example.org> wrote:\n> Earlier words",
        "> Earlier words\n> more",
        "From: Ben Example\nSent: Monday, March 3, 2014 9:12 AM\nTo: talk@lists.example\n\nEarlier words",
        "________________________________\nFrom: Ben Example\nDate: Monday\n\nEarlier words",
        "_______________________________________________\nTalk mailing list\nTalk@lists.example\nhttps://lists.example/",
        'You received this message because you are subscribed to the Google Groups "Talk" group.\nTo unsubscribe',
        "--~--~---------~--~----~------------~-------~--~----~\nYou received this",
        "-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links:",
        "__._,_.___\nPosted by: Ben",
        "Sent from my iPhone",
        "Sent from my Galaxy\n\n> Earlier words",
        "Best,\nAda Example, LCSW\n(614) 555-0134",
        "Warm regards,\n\nAda",
        "Thank you so much,\nAda\n\nAda Example, PhD | 12 Main Street | example.org",
        "Thanks!\nAda",
        "Ada",
        "~ Ada Example, LCSW, CGP\nOffice: 614-555-0134",
    ],
)
def test_what_stands_below_the_words_is_left_out(below):
    assert bodies.written(f"My own words.\n\n{below}\n", author="Ada Example") == "My own words."


@pytest.mark.parametrize(
    "words",
    [
        "First line.\n\nSecond line.",
        "On Monday I wrote:\n\nthis letter.",
        "Best practices differ.\nSo it seems.",
        "A list:\n- one\n- two",
        "----\nA line above",
        "She said that she wrote to him.",
        "---------- Forwarded message ---------\n\nA conference in May.",
    ],
)
def test_what_only_looks_like_it_stays(words):
    assert bodies.written(words, author="Ada Example") == words


def test_what_is_answered_line_by_line_stays_and_is_no_part_of_the_answer():
    text = "On Mar 3, 2014, Ben Example <ben@example.org> wrote:\n> Why?\nBecause.\n> And how?\nSo.\n> Thanks\n> Ben"

    found = bodies.written(text)

    assert found == "> Why?\n\nBecause.\n> And how?\n\nSo."
    assert "<p>Because.</p>" in markdown.render(found)


def test_the_head_of_a_forwarded_letter_is_left_out_and_its_words_are_kept():
    text = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Ben <ben@example.org>\nDate: Mon\nTo: x\n\nA day."
    )

    assert bodies.written(text) == "See below.\n\n---------- Forwarded message ---------\n\nA day."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ben@example.org soon", "Write to (an e-mail address) soon"),
        ("<ben@example.org>", "(an e-mail address)"),
        ("<mailto:ben@example.org>", "(an e-mail address)"),
        ("ben (at) example.org, ada@example.org", "(an e-mail address), (an e-mail address)"),
        ("> quoted ben@example.org", "> quoted (an e-mail address)"),
    ],
)
def test_addresses_are_left_out_wherever_they_stand(text, left):
    assert bodies.without_addresses(text) == left


@pytest.mark.parametrize(
    ("written", "subject", "is_reply"),
    [
        ("Fees", "Fees", False),
        ("Re: Fees", "Fees", True),
        ("RE: [Talk] Re: Fees", "Fees", True),
        ("[Talk] AW: Fees", "Fees", True),
        ("Re[2]: Fees", "Fees", True),
        ("Fwd: Fees", "Fees", False),
        ("[Referral] Columbus", "[Referral] Columbus", False),
        ("Regarding fees", "Regarding fees", False),
        ("Ask ben@example.org", "Ask (an e-mail address)", False),
        ("a\u202e\n b", "a b", False),
        ("Re:", "", True),
        ("", "", False),
    ],
)
def test_a_subject_loses_what_programs_put_before_it(written, subject, is_reply):
    assert bodies.base_subject(written, of_list="talk") == (subject, is_reply)


def test_html_becomes_text():
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello&nbsp;all,</p><div>see "
        '<a href="https://a.example/">this</a><br>and <a href="https://b.example/">https://b.example/</a></div>'
        "<ul><li>one</li><li>two</li></ul><blockquote><p>Why?<blockquote>Deeper</blockquote></blockquote>"
        "<script>alert(1)</script><p>Because.</p></body></html>"
    )

    assert bodies.from_html(html) == (
        "Hello all,\n\nsee this (https://a.example/)\nand https://b.example/\n\n- one\n- two\n\n"
        "> Why?\n>\n> > Deeper\n\nBecause."
    )


@pytest.mark.parametrize("html", ["<div>" * 5000, "<blockquote>" * 5000 + "x", "<!--" * 50_000, "<a <b" * 50_000])
def test_html_that_is_written_to_do_harm_does_none(html):
    assert len(bodies.from_html(html)) < len(html)


@pytest.mark.parametrize(
    "text", ["\n" * 200_000 + "x", "x\n" + "\n> " * 200_000, "x" + " " * 200_000 + "x", "- " * 200_000]
)
def test_a_letter_that_is_written_to_take_long_is_read_at_once(text):
    for each in (text, f"x\n{text.replace('x', '')}x", text.replace(" ", "-")):
        begun = process_time()
        bodies.written(each)
        assert process_time() - begun < 5  # seconds of its own; what copies the rest for each line takes minutes


def test_a_subject_of_replies_alone_is_read_at_once():
    assert bodies.base_subject("re:" * 300_000 + "Fees") == ("Fees", True)


def test_a_letter_that_is_longer_than_a_post_is_shortened_and_says_so():
    body, is_shortened = bodies.shortened("word " * 300 + "\n" + "word " * 5000)

    assert is_shortened
    assert body.endswith(bodies.REST)
    assert len(body) <= LONGEST_BODY
    assert bodies.shortened("word") == ("word", False)


def test_what_mail_programs_indent_is_no_code():
    assert "<pre>" not in markdown.render(bodies.as_mail("Dear all,\n\n        indented\n\tand so"))
