"""Members' Markdown to clean HTML: parsed in linear time, then cleaned by an allow-list.

The result may be stored. `VERSION` rises when the same text would come out differently.

Headings start at the third level, since the page has the two above it. Images become links: a remote image tells its
server who reads. Bare addresses become links, and so do names after an @ whose addresses are given. Characters that
turn the direction of what follows are left out, a host name outside ASCII is shown in its ASCII form, and a link whose
words read like another host says behind them where it leads, so that a link cannot look like another.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

VERSION = 2
MAX_LENGTH = 20_000  # characters of source

# About how many microseconds of parsing each piece of markup takes, measured one by one; words take next to nothing.
# Twenty thousand characters that colleagues write come to some 8,000. Beyond the limit a text is markup for its own
# sake, and is shown as it was typed.
MOST_MARKUP = 30_000
_COSTS = {
    "\n": 15,
    "[": 30,
    "*": 10,
    "_": 10,
    "|": 15,
    ">": 8,
    "]": 5,
    "~": 5,
    "`": 5,
    "&": 5,
    "<": 5,
    "\\": 5,
    "@": 5,
    "://": 30,
}
_COSTS |= {"![": 30} | dict.fromkeys("!#$%+-:=^{}", 2)
_FOREIGN_HOST = re.compile(r"://[!-.0-~]*[^\x00-\x7f]")
_FOREIGN_HOST_COST = 50
_ADDED_CELL_COST = 11
_LIST_LINE = re.compile(r"^[ >\t]*(?:[-+*]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_LIST_LINE_COST = 55

# halves of a sign are none, and can be neither stored nor sent
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BARE_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_ASCII_HOST = re.compile(r"https?://[!-.0-~]+", re.IGNORECASE)  # the printable characters without the slash
_LIKE_A_HOST = re.compile(
    r"[\W_]*(?:[a-z]{1,10}://)?((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?=\W|\Z)", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_CALL = re.compile(r"(?<![\w@./+-])@(?=\w)")  # an @ that begins a name, and stands in no e-mail address
_NUMBER = re.compile(r"#\d+$", re.ASCII)  # tells apart people who have one name
LONGEST_CALL = 100  # characters that a name after an @ can take

_TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "hr", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def render(text: str, names: Mapping[str, str] | None = None) -> str:
    """Clean HTML of `text`, safe to show without escaping. HTML in it becomes text.

    `names` has addresses by names in small letters: where one stands after an @, it leads there.
    """
    text = without_controls(text[:MAX_LENGTH])
    html = _parser.render(text, {"names": names or {}}) if _markup(text) <= MOST_MARKUP else _as_typed(text)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


def render_page(text: str) -> SafeString:
    """The same for a text that is a page by itself: its headings start at the second level, below the page's own."""
    return mark_safe(render(text).replace("h3>", "h2>").replace("h4>", "h3>"))  # noqa: S308 - cleaned by `render`


def calls(text: str) -> list[str]:
    """What follows each @ that begins a name, to the end of its line: in the author's own words, so neither in what
    they quote nor in code and links."""
    text = without_controls(text[:MAX_LENGTH])
    if "@" not in text or _markup(text) > MOST_MARKUP:
        return []
    found, quotes, in_link = [], 0, False
    for token in _parser.parse(text):
        if token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        for child in (token.children or ()) if not quotes else ():
            if child.type in ("link_open", "link_close"):
                in_link = child.type == "link_open"
            elif child.type == "text" and not in_link:
                found += [child.content[call.end() :][:LONGEST_CALL] for call in _CALL.finditer(child.content)]
    return found


def beginnings(words: str) -> Iterator[str]:
    """What `words` begin with, longest first: each ends where a word does."""
    words = words[:LONGEST_CALL]
    for end in range(len(words), 0, -1):
        if _ends_at(words, end):
            yield words[:end]


def _ends_at(words: str, end: int) -> bool:
    """Whether a word ends there, and not amid letters."""
    is_inside = end < len(words) and words[end - 1].isalnum() and words[end].isalnum()
    return not is_inside and not words[end - 1].isspace()


def without_controls(text: str) -> str:
    """`text` without control characters and without those that turn the direction of writing; lines end with \\n."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _markup(text: str) -> int:
    """What the markup in `text` costs at most, by counting alone."""
    marks = sum(cost * text.count(mark) for mark, cost in _COSTS.items())
    marks += 0 if text.isascii() else _FOREIGN_HOST_COST * len(_FOREIGN_HOST.findall(text))
    marks += _ADDED_CELL_COST * _added_cells(text) if "|" in text else 0
    return marks + _LIST_LINE_COST * len(_LIST_LINE.findall(text))


def _added_cells(text: str) -> int:
    """How many empty cells the parser adds to rows that are shorter than their table is wide."""
    count = columns = 0
    for line in text.split("\n"):
        words = line.strip(" \t>")
        if "-" in words and not words.strip("|:- \t"):
            columns = words.count("|") + 1  # the line below the head of a table
        elif words:
            count += max(columns - words.count("|"), 0)
        else:
            columns = 0
    return count


def _as_typed(text: str) -> str:
    """Paragraphs and line breaks, and nothing else."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    return "".join(f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def _shape(state: StateCore) -> None:
    """A rule of the parser: headings go down two levels, images and bare addresses become links."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"
        elif token.type == "inline" and token.children:
            token.children = list(_with_links(state.md, token.children))
            if names := state.env.get("names"):
                token.children = list(_with_names(token.children, names))


def _with_names(tokens: list[Token], names: Mapping[str, str]) -> Iterator[Token]:
    in_link = False
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            in_link = token.type == "link_open"
        if token.type == "text" and not in_link and "@" in token.content:
            yield from _named(token.content, names)
        else:
            yield token


def _named(words: str, names: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    # a capital I with a dot is two signs in small letters
    lengths = sorted({len(written) for name in names for written in (name, name.replace("i\u0307", "i"))}, reverse=True)
    for call in _CALL.finditer(words):
        following = words[call.end() :][: lengths[0] + 1]
        fitting = (length for length in lengths if length <= len(following) and following[:length].lower() in names)
        name = next((following[:length] for length in fitting if _ends_at(following, length)), "")
        if name:
            yield _text(words[end : call.start()])
            yield from _link(names[name.lower()], f"@{_NUMBER.sub('', name)}")
            end = call.end() + len(name)
    yield _text(words[end:])


def _with_links(md: MarkdownIt, tokens: list[Token]):
    in_link, target, words = False, "", ""
    for token in tokens:
        if token.type == "link_open":
            in_link, target, words = True, str(token.attrs.get("href", "")), ""
            yield token
        elif token.type == "link_close":
            in_link = False
            yield token
            if host := _host_behind(words, target):
                yield _text(f" ({host})")
        elif token.type == "image":
            source = str(token.attrs.get("src", ""))
            shown = token.content.strip() or source
            words += shown if in_link else ""
            yield from [_text(shown)] if in_link else _link(source, shown)
        elif token.type == "text" and not in_link and "://" in token.content:
            yield from _bare_links(md, token)
        else:
            words += token.content if in_link else ""
            yield token


def _host_behind(words: str, target: str) -> str:
    """The host that a link leads to, where its words read like another one."""
    said = _LIKE_A_HOST.match(_INVISIBLE.sub("", words))
    if said is None:
        return ""
    try:
        host = urlsplit(target).hostname or ""
    except ValueError:  # half an IPv6 address
        return ""
    return host if host.removeprefix("www.") != said[1].lower().removeprefix("www.") else ""


def _bare_links(md: MarkdownIt, token: Token):
    end = 0
    for found in _BARE_LINK.finditer(token.content):
        address = _without_punctuation(found.group())
        target = md.normalizeLink(address)
        if not md.validateLink(target):
            continue
        yield _text(token.content[end : found.start()])
        yield from _link(target, address if _has_ascii_host(address) else target)
        end = found.start() + len(address)
    yield _text(token.content[end:])


def _without_punctuation(address: str) -> str:
    """An address in running text, without the stop or bracket that belongs to the sentence."""
    return address.rstrip(".,;:!?'*_~" if "(" in address else ".,;:!?'*_~)")


def _has_ascii_host(address: str) -> bool:
    host = _ASCII_HOST.match(address)
    return host is not None and address[host.end() : host.end() + 1] in ("", "/")


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(target: str, shown: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": target}), _text(shown), Token("link_close", "a", -1)]


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:
        """What `<https://…>` shows: its ASCII form, where the parser's own would show how a foreign host looks."""
        return self.normalizeLink(link)


_parser = _Parser("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_parser.core.ruler.push("shape", _shape)
