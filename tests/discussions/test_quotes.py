"""Taking words out of texts: whole words, whatever stands between them, and the lines that quote somebody."""

import pytest

from community.discussions.quotes import Phrases, Quotes


@pytest.mark.parametrize(
    ("phrase", "text", "left"),
    [
        ("Ana", "Ana came. ANA left, ana's hat.", "[] came. [] left, []'s hat."),
        ("Ana", "Banana and Anatole stay.", "Banana and Anatole stay."),
        ("Ana Berg", "*Ana* **Berg**, Ana_Berg and Ana\nBerg", "*[]**, [] and []"),
        ("10/2", "Seen 10/2 and 110/25.", "Seen [] and 110/25."),
        ("+1 (555)", "Call +1 (555) now", "Call [] now"),
        ("Zoe\u0308", "Zo\u00eb was here", "[] was here"),
        ("Berg", "# Berg\n> Berg\n`Berg`", "# []\n> []\n`[]`"),
        (".*", "All .* of it", "All [] of it"),
    ],
)
def test_a_phrase_is_found_as_a_whole_word_in_any_dress(phrase, text, left):
    assert Phrases([phrase], "[]").without(text) == left


def test_the_longest_phrase_goes_first():
    assert Phrases(["Ana", "Ana Berg"], "[]").without("Ana Berg and Ana") == "[] and []"


def test_a_text_without_it_stays_the_very_same():
    text = "Zoe\u0308 stays"

    assert Phrases(["Ana"], "[]").without(text) is text


def test_in_quotes_means_only_what_is_quoted():
    text = "Ana?\n> Ana was here\nand Ana went on\n\nAna again\n> > Ana twice"

    assert Phrases(["Ana"], "[]").without_in_quotes(text) == (
        "Ana?\n> [] was here\nand [] went on\n\nAna again\n> > [] twice"
    )


SAID = "It *began* in Lindisquay, by the sea.\n\n- First Umberwick\n- then Peregrath\n\nWhat would you do?"


@pytest.mark.parametrize(
    "quote",
    [
        "> It *began* in Lindisquay, by the sea.",
        "> It began in Lindisquay by the sea",
        "> began in Lindisquay",
        "> > FIRST UMBERWICK",
        "> isquay, by the sea. First Umberw",
        "   >then Peregrath",
    ],
)
def test_a_quoted_line_is_known_by_its_words(quote):
    left = Quotes([SAID], "[removed]").without_in_quotes(f"Yes.\n\n{quote}\n\nSo do I.")

    assert "removed" in left
    assert "umberw" not in left.lower()
    assert "lindisquay" not in left.lower()
    assert left.startswith("Yes.\n\n")
    assert left.endswith("\n\nSo do I.")


def test_lines_that_go_together_leave_one_mark():
    quote = "> It began in Lindisquay, by the sea.\n>\n> First Umberwick\n> then Peregrath\n"

    assert Quotes([SAID], "[removed]").without_in_quotes(quote) == "> [removed]\n>\n> [removed]\n"


def test_what_others_said_stays_unless_all_of_it_goes():
    text = "> Somebody else said this.\n> It began in Lindisquay\n\nMine."
    quotes = Quotes([SAID], "[removed]")

    assert quotes.without_in_quotes(text) == "> Somebody else said this.\n> [removed]\n\nMine."
    assert quotes.without_in_quotes(text, all_of_it=True) == "> [removed]\n\nMine."
    assert quotes.without_in_quotes("It began in Lindisquay, unquoted.") == "It began in Lindisquay, unquoted."


def test_earlier_versions_count_too():
    assert Quotes(["Now.", "Then Norrowick."], "[]").without_in_quotes("> then norrowick") == "> []"


def test_hostile_texts_take_no_time():
    quotes, phrases = Quotes(["a " * 10_000], "[]"), Phrases(["a" * 200, "b c d e f"], "[]")
    for text in (">" * 20_000, "> a\n" * 5_000, "> " + "a " * 9_000, "b " * 10_000):
        quotes.without_in_quotes(text)
        phrases.without(text)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("He wrote that it began in Lindisquay by the sea!", "He wrote that [removed]!"),
        ("“First Umberwick” names a street.", "“[removed]” names a street."),
        ('He says "Peregrath" twice.', 'He says "[removed]" twice.'),
        ("Its number 614-555-0134 was in it.", "Its number [removed] was in it."),
        ("> then Peregrath\n\nThis one.", "> [removed]\n\nThis one."),
        ("What it says by the way is harmful.", "What it says by the way is harmful."),
        ("It “hurts” me, and it began in 1999.", "It “hurts” me, and it began in 1999."),
        ("", ""),
    ],
)
def test_of_what_somebody_says_about_it_goes_what_they_took_from_there(words, left):
    said = f"{SAID} Or call 614-555-0134."

    assert Quotes([said], "[removed]").without(words) == left


def test_hostile_words_about_it_take_no_time():
    quotes = Quotes(["a " * 10_000], "[]")
    for text in ("a " * 500, '"' * 1000, "“a" * 500, "1" * 1000, "> a\n" * 200):
        quotes.without(text)
