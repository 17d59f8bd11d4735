import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


HOSTILE = {
    "501 quotes": ">" * 501 + " a",
    "quotes": ">" * 20_000,
    "quote lines": "> a\n" * 5000,
    "open links": "[a](" * 5000,
    "open angle links": "[a](<b" * 3400,
    "brackets": "[" * 20_000,
    "images": "![" * 10_000,
    "closed brackets": "[]" * 10_000,
    "references": "[a][b]" * 3400,
    "definitions": "".join(f"[a{n}]: http://b\n" for n in range(1100)),
    "stars": "*a" * 10_000,
    "mixed emphasis": "**a_b" * 4000,
    "star underscore": "*_" * 10_000,
    "strikes": "~~a~~ " * 3400,
    "backticks": " ".join("`" * n for n in range(200)),
    "comments": "<!--" * 5000,
    "html": "<a href=" * 2500,
    "entities": "&" * 20_000,
    "hashes": "#" * 20_000,
    "wide table": "|".join("a" * 2000) + "\n" + "|".join("-" * 2000) + "\n" + "a|\n" * 4000,
    "10,000 cells": "|a|b|c|d|e\n|-|-|-|-|-\n" + "|1|2|3|4|5\n" * 1800,
    "list": "- a\n" * 5000,
    "numbers": "1. a\n" * 4000,
    "nested list": "\n".join("  " * n + "- a" for n in range(140)),
    "lines": "a\n" * 10_000,
    "breaks": "a  \n" * 5000,
    "headings": "# a\n" * 5000,
    "fences": "```\n" * 5000,
    "tabs": "\t" * 20_000,
    "backslashes": "\\*" * 10_000,
    "addresses": "https://a" * 2300,
    "dotted address": "https://a" + "." * 19_000,
    "bracketed address": "https://a" + ")" * 19_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_time(name):
    text = HOSTILE[name][: markdown.MAX_LENGTH]

    times = []
    for _attempt in range(3):
        start = time.process_time()
        html = markdown.render(text)
        times.append(time.process_time() - start)

    assert_harmless(html)
    assert min(times) < 0.05  # seconds of CPU, for 20 kB


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
