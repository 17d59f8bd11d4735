from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.bench import hostile
from core import markdown

REL = ' rel="nofollow noopener noreferrer ugc"'


class _Reader(HTMLParser):
    """What a browser would find in it: tags and their attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def assert_harmless(html: str) -> None:
    found = _Reader(html)
    assert found.tags <= markdown._TAGS
    for tag, name, value in found.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start")}
        if name == "href" and ":" in value.split("/")[0]:
            assert value.split(":")[0].lower() in {"http", "https", "mailto"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n"),
        ("> quoted\n\nmine", "<blockquote>\n<p>quoted</p>\n</blockquote>\n<p>mine</p>\n"),
        ("3. x\n4. y", '<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>\n'),
        ("# a\n## b\n#### c", "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n"),
        ("[words](https://example.org/)", f'<p><a href="https://example.org/"{REL}>words</a></p>\n'),
    ],
)
def test_what_colleagues_write(text, html):
    assert markdown.render(text) == html


def test_a_table_stays_a_table():
    assert "<td>1</td>" in markdown.render("|a|b|\n|-|-|\n|1|2|")


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("see https://example.org/a_b_c?x=1&y=2.", "https://example.org/a_b_c?x=1&amp;y=2", None),
        ("(https://example.org/x)", "https://example.org/x", None),
        ("https://example.org/x_(y)", "https://example.org/x_(y)", None),
        ("<https://example.org/z>", "https://example.org/z", None),
    ],
)
def test_bare_addresses_become_links(text, address, shown):
    assert f'<a href="{address}"{REL}>{shown or address}</a>' in markdown.render(text)


def test_an_address_in_code_or_in_a_link_is_left_alone():
    assert "<a" not in markdown.render("`https://example.org/`")
    assert markdown.render("[https://a.example](https://b.example)").count("<a ") == 1


@pytest.mark.parametrize("text", ["http://аррӏе.com/", "<http://аррӏе.com/>"])  # noqa: RUF001 - that is the trick
def test_a_host_that_looks_like_another_is_shown_in_ascii(text):
    assert ">http://xn--80ak6aa92e.com/</a>" in markdown.render(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[https://bank.example/login](https://thief.example/)", "https://bank.example/login</a> (thief.example)"),
        ("[bank.example](https://thief.example/)", "bank.example</a> (thief.example)"),
        ("[**bank.example**/x](http://thief.example/)", "</a> (thief.example)"),
        ("[`bank.example`](http://thief.example/)", "</a> (thief.example)"),
        ("[https://bank.example@thief.example/](https://thief.example/)", "</a> (thief.example)"),
        ("[аррӏе.com](http://аррӏе.com/)", "аррӏе.com</a> (xn--80ak6aa92e.com)"),  # noqa: RUF001 - that is the trick
        ("[![bank.example](https://x.example/a.png)](https://thief.example/)", "bank.example</a> (thief.example)"),
        ("[www.bank.example.](https://thief.example/)", "www.bank.example.</a> (thief.example)"),
        ("[(bank.example)](https://thief.example/)", "(bank.example)</a> (thief.example)"),
        ("[bank.example, here](https://thief.example/)", "bank.example, here</a> (thief.example)"),
        ("[_https://bank.example_](https://thief.example/)", "bank.example</em></a> (thief.example)"),
        ("[\u200bbank.example](https://thief.example/)", "bank.example</a> (thief.example)"),
        ("[ba\u200bnk.example](https://thief.example/)", ".example</a> (thief.example)"),
    ],
)
def test_a_link_that_reads_like_another_host_says_where_it_leads(text, said):
    assert said in markdown.render(text)


@pytest.mark.parametrize(
    "text",
    [
        "[https://a.example/x](https://a.example/x)",
        "[www.a.example](https://a.example/)",
        "[A.example](https://www.a.example/x)",
        "[(a.example).](https://a.example/)",
        "[our fees, e.g. mine](https://a.example/)",
        "[write to jane.doe@a.example](mailto:jane.doe@a.example)",
        "<https://a.example/x>",
        "https://a.example/x",
    ],
)
def test_any_other_link_says_no_more_than_its_words(text):
    assert "</a></p>" in markdown.render(text)


def test_half_a_sign_is_left_out():
    assert markdown.render("a\ud83d b") == "<p>a b</p>\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a chart](https://example.org/x.png)", "a chart"),
        ("![](https://example.org/x.png)", "https://example.org/x.png"),
    ],
)
def test_a_remote_image_becomes_a_link(text, shown):
    html = markdown.render(text)

    assert "<img" not in html
    assert f'<a href="https://example.org/x.png"{REL}>{shown}</a>' in html


def test_an_image_within_a_link_keeps_its_words_only():
    html = markdown.render("[![a chart](https://example.org/x.png)](https://example.org/)")

    assert html == f'<p><a href="https://example.org/"{REL}>a chart</a></p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<!-- a comment",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "<javascript:alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/png;base64,aaaa)",
        "[x](vbscript:msgbox(1))",
        "[x](file:///etc/passwd)",
        "[x]: javascript:alert(1)\n\n[x]",
        "[a](https://example.org/\"onmouseover='alert(1)')",
        '![a" onerror=alert(1)](https://example.org/)',
        "`<script>alert(1)</script>`",
        "```html\n<script>alert(1)</script>\n```",
        'https://example.org/"><script>alert(1)</script>',
        "<a href='javascript:alert(1)'>x</a>",
        "<style>*{display:none}</style>",
        "<a href=data:text/html,x>x</a>",
        "<data:text/html,x>",
        "[x](DATA:text/html,x)",
        "[x](javascript&colon;alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](//thief.example\\@a.example)",
        "<math><mtext></form><form><mglyph><svg><mtext><style><path id=</style><img onerror=alert(1) src>",
        "[^1]\n\n[^1]: javascript:alert(1)",
        "[a\u202eb](https://a.example/\u202ec)",
    ],
)
def test_nothing_hostile_comes_through(text):
    assert_harmless(markdown.render(text))


def test_html_is_shown_as_what_was_typed():
    assert markdown.render("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_characters_that_turn_the_direction_are_left_out():
    assert markdown.render("a\u202etxt.exe\u2066 b\u0000c\u0007") == "<p>atxt.exe bc</p>\n"


def test_too_much_markup_is_shown_as_it_was_typed():
    html = markdown.render("**a**\n" * 3000)

    assert "<strong>" not in html
    assert html.count("**a**") == 3000


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_text_that_is_written_to_do_harm_does_none(name):
    """How long it takes is a row of `make bench`, over the same texts."""
    for text in hostile.pieces(hostile.TEXTS[name]):
        assert_harmless(markdown.render(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("|" + "a|" * 99 + "\n|" + "-|" * 99 + "\n" + "|\n" * 900, id="short rows of a wide table"),
        pytest.param("http://\u0430\u0440.com " * 1000, id="foreign hosts"),
        pytest.param("@a " * 6600, id="names"),
    ],
)
def test_a_text_that_takes_long_for_its_length_is_shown_as_it_was_typed(text):
    html = markdown.render(text)

    assert "<table>" not in html
    assert "<a " not in html


def test_a_table_with_a_short_row_is_filled_up():
    html = markdown.render("|a|b|c|\n|-|-|-|\n|1|2|3|\n|1|\n")

    assert html.count("<td>") == 6


def test_a_long_post_of_words_keeps_its_markup():
    text = (
        "I raised my fee at the start of the *year*, and everyone got a letter. See https://example.org/fees\n\n" * 200
    )[: markdown.MAX_LENGTH]

    assert "<em>year</em>" in markdown.render(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab *_[]()<>!`~|-#&\"'\\:/\n\t1.\u202e", max_size=300))
def test_any_text_renders_harmlessly(text):
    assert_harmless(markdown.render(text))


def test_a_text_that_is_a_page_starts_its_headings_below_the_pages_own():
    text = "# Top\n\n## Second\n\n<script>x</script> [a](javascript:x) h3>"

    assert (
        markdown.render_page(text)
        == "<h2>Top</h2>\n<h2>Second</h2>\n<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:x) h3&gt;</p>\n"
    )
