"""What somebody wrote in a letter to a list: without signature, the letters below it, what the list added, addresses.

It works on lines and knows how mail programs write them. What they leave out is gone for good, so in doubt a line
stays; an address of a person never does.
"""

import re
from html.parser import HTMLParser

import nh3

from community.discussions.posting import LONGEST_BODY, LONGEST_SUBJECT
from community.safety.identifiers.contacts import emails
from core import markdown

ADDRESS = "(an e-mail address)"
REST = "(The rest of this letter is longer than a post.)"
LONGEST_HTML = 400_000  # characters
LONGEST_LINE = 500  # characters of one that could say who wrote what is quoted

_IN_BRACKETS = re.compile(rf"<(?:mailto:)?{re.escape(ADDRESS)}>|mailto:{re.escape(ADDRESS)}", re.IGNORECASE)

# Whatever follows one of these lines is an earlier letter, a signature, or what the list writes below each.
_CUT = re.compile(
    r"-- ?$"
    r"|[-_\s]{3,80}(?:original message|ursprüngliche nachricht|message d'origine|mensaje original)[-_\s]{3,80}$"
    r"|you received this message because you are subscribed to\b"
    r"|--~--~-|(?:-=){6}|__\._,_\.___|-{20,}\s*yahoo! groups"
    r"|-{3,} ?in \S+@yahoogroups\.com,.*wrote:$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{20,}$")
_OF_A_LIST = re.compile(
    r"mailing list|listinfo|unsubscribe|list-?serv|yahoo! groups|groups\.io|googlegroups", re.IGNORECASE
)
_LINES_OF_A_FOOTER = 8
_LINES_OF_A_HEAD = 5
_ATTRIBUTION = re.compile(
    r"(?:(?:on|am|le|el)\b.{0,300}\d.{0,300}|.{0,200}[<(][^<>()]{0,200}(?:@| at )[^<>()]{0,200}[>)].{0,100})"
    r"\b(?:wrote|writes|schrieb|a écrit|escribió)\b.{0,100}:$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[*]{0,2}(?:from|sent|date|to|cc|bcc|subject|reply-to|importance)[*]{0,2}:[*]{0,2}\s", re.IGNORECASE
)
_FORWARDED = re.compile(r"(?:-{3,80}.{0,80}forwarded (?:message|by)|begin forwarded message)", re.IGNORECASE)
_DEVICE = re.compile(
    r"sent from my \S.{0,40}$|sent (?:from|via|using) .{0,40}(?:mail|phone|pad)\b.{0,20}$|get outlook for ",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:(?:all |with )?(?:my |the )?(?:very )?(?:best|warmly|warm(?:est)?|kind(?:est)?|sincerely|respectfully"
    r"|cordially|cheers|regards|thanks|thank you|many thanks|thanks again|gratefully|peace|take care|in solidarity"
    r"|yours)"
    r"(?: (?:regards|wishes|to all|to you all|everyone|all|truly|so much|in advance|again|and best))*)\s*[,.!-]*$",
    re.IGNORECASE,
)
_LINES_OF_A_SIGNATURE = 14
_LONGEST_OF_A_SIGNATURE = 90
_REPLY = re.compile(r"\s*(?:re|aw|antw|sv|vs|tr|ref|rv)\s*(?:\[\d+\]|\(\d+\))?\s*:", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|i)\s*:", re.IGNORECASE)
_TAG = re.compile(r"\s*\[([^\[\]]{1,60})\]")


def written(text: str, *, author: str = "") -> str:
    """What stands in the letter `text` itself. `author` is the name in its head, with which a signature begins."""
    lines = [line.rstrip() for line in markdown.without_controls(text).replace("\u00a0", " ").split("\n")]
    lines = _without_quoted(_without_heads(_up_to_the_end(lines)))
    lines = _without_signature(lines, author)
    return without_addresses("\n".join(_apart(lines))).strip("\n")


def as_mail(text: str) -> str:
    """A letter as Markdown: what mail programs indent is no code."""
    return re.sub(r"^(?: {4,}|\t)[ \t]*", "  ", text, flags=re.MULTILINE)


def shortened(body: str) -> tuple[str, bool]:
    """As much of it as a post holds, and whether that is less than all."""
    if len(body) <= LONGEST_BODY:
        return body, False
    kept = body[: LONGEST_BODY - len(REST) - 2]
    return f"{kept[: max(kept.rfind(chr(10)), len(kept) // 2)].rstrip()}\n\n{REST}", True


def base_subject(written: str, *, of_list: str = "") -> tuple[str, bool]:
    """A subject without "Re:" and without the name of the list, and whether it said that it replies."""
    subject, is_reply, place = " ".join(markdown.without_controls(written).split()), False, 0
    while True:
        tag = _TAG.match(subject, place)
        if found := _REPLY.match(subject, place):
            is_reply = True
        elif (found := _FORWARD.match(subject, place)) is None and tag and _plain(tag[1]) == _plain(of_list):
            found = tag
        if found is None:
            return without_addresses(subject[place:].strip())[:LONGEST_SUBJECT].strip(), is_reply
        place = found.end()


def without_addresses(text: str) -> str:
    """`text` with a few words in the place of each e-mail address."""
    parts, end = [], 0
    for hit in sorted(emails(text), key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            parts += [text[end : hit.start], ADDRESS]
            end = hit.end
    return _IN_BRACKETS.sub(ADDRESS, "".join((*parts, text[end:])))


def from_html(html: str) -> str:
    """The text of a letter that came as HTML alone: paragraphs, lists, quotes and addresses of pages."""
    kept = nh3.clean(
        html[:LONGEST_HTML],
        tags=_BLOCKS | {"br", "a", "blockquote"},
        clean_content_tags={"script", "style", "title"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    return _Text(kept).text()


def _up_to_the_end(lines: list[str]) -> list[str]:
    """Up to where something else begins than what its author wrote."""
    for number, line in enumerate(lines):
        following = [each for each in lines[number + 1 : number + 1 + _LINES_OF_A_FOOTER] if each.strip()]
        if _CUT.match(line) or (_RULE.match(line) and _is_footer(following)):
            return lines[:number]
        if _is_head(lines[number : number + _LINES_OF_A_HEAD]) and not any(
            map(_FORWARDED.match, lines[max(number - 3, 0) : number])
        ):
            return lines[:number]
    return lines


def _is_footer(following: list[str]) -> bool:
    return bool(following) and (bool(_HEADER.match(following[0])) or bool(_OF_A_LIST.search(" ".join(following))))


def _is_head(lines: list[str]) -> bool:
    """Whether these begin as the head of an earlier letter does: "From:" and a day below each other."""
    heads = [found[0].lower() for line in lines if (found := _HEADER.match(line))]
    has_day = any("sent" in head or "date" in head for head in heads)
    return has_day and "from" in heads[0] and bool(_HEADER.match(lines[0]))


def _without_heads(lines: list[str]) -> list[str]:
    """Without the heads of forwarded letters and the lines that say who wrote what is quoted below."""
    kept: list[str] = []
    number, in_head = 0, False
    while number < len(lines):
        line = lines[number]
        if count := _lines_of_an_attribution(lines[number : number + 2]):
            number += count
        elif in_head and _HEADER.match(line):
            number += 1
        else:
            in_head = bool(_FORWARDED.match(line.lstrip("> "))) or (in_head and not line.strip())
            kept.append(line)
            number += 1
    return kept


def _lines_of_an_attribution(lines: list[str]) -> int:
    """How many of these two say "On Monday, Ben wrote:"; none where they say something else."""
    words = ""
    for count, line in enumerate(lines, 1):
        words = f"{words} {line.lstrip('> ')}".strip()
        if len(words) > LONGEST_LINE or not words:
            return 0
        if words.endswith(":"):
            return count if _ATTRIBUTION.match(words) else 0
    return 0


def _without_quoted(lines: list[str]) -> list[str]:
    """Without the quoted lines at the end, below which nothing is answered, and without the names of devices there."""
    end = len(lines)
    while end and (
        not lines[end - 1].strip() or lines[end - 1].startswith(">") or _DEVICE.match(lines[end - 1].strip())
    ):
        end -= 1
    return lines[:end]


def _without_signature(lines: list[str], author: str) -> list[str]:
    """Without what follows "Best," or the author's own name near the end."""
    start = max(len(lines) - _LINES_OF_A_SIGNATURE, 1)
    for number in range(start, len(lines)):
        line = lines[number].strip()
        rest = lines[number + 1 :]
        is_end = _SIGN_OFF.match(line) or _is_name(line, author)
        if is_end and all(len(each) <= _LONGEST_OF_A_SIGNATURE and not each.startswith(">") for each in rest):
            return _without_quoted(lines[:number])
    return lines


def _is_name(line: str, author: str) -> bool:
    """Whether the line is the author's name, whole or the first word of it, or begins with the whole of it."""
    line, names = line.strip(" -~*_,.").casefold(), author.casefold().split()
    if not names or len(names[0]) < 2:
        return False
    return line == names[0] or (len(names) > 1 and line.startswith(" ".join(names)))


def _apart(lines: list[str]) -> list[str]:
    """With an empty line below what is quoted, so that the answer is no part of it; and no more than one anywhere."""
    kept: list[str] = []
    for line in lines:
        if kept and kept[-1].startswith(">") and line and not line.startswith(">"):
            kept.append("")
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


_BLOCKS = {"p", "div", "tr", "li", "ul", "ol", "pre", *(f"h{level}" for level in range(1, 7))}
_DEEPEST = 10  # quotes within quotes


class _Text(HTMLParser):
    """Clean HTML read as lines."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._quotes: list[list[str]] = [[]]
        self._depth = 0
        self._target = ""
        self._shown = ""
        self.feed(html)
        self.close()

    def text(self) -> str:
        while len(self._quotes) > 1:
            self._end_quote()
        return _tidy(self._quotes[0])

    def handle_starttag(self, tag, attrs):
        if tag == "blockquote":
            self._depth += 1
            if self._depth <= _DEEPEST:
                self._quotes.append([])
        elif tag == "a":
            self._target, self._shown = dict(attrs).get("href") or "", ""
        elif tag == "li":
            self._write("\n- ")
        elif tag == "br" or tag == "tr":
            self._write("\n")
        elif tag in _BLOCKS:
            self._write("\n\n")

    def handle_endtag(self, tag):
        if tag == "blockquote" and self._depth:
            if self._depth <= _DEEPEST:
                self._end_quote()
            self._depth -= 1
        elif tag == "a" and self._target:
            if self._target.rstrip("/") != self._shown.strip().rstrip("/"):
                self._write(f" ({self._target})")
            self._target = ""
        elif tag in _BLOCKS and tag not in ("li", "tr"):
            self._write("\n\n")

    def handle_data(self, data):
        words = re.sub(r"\s+", " ", data)
        self._shown += words if self._target else ""
        self._write(words)

    def _write(self, words: str) -> None:
        self._quotes[-1].append(words)

    def _end_quote(self) -> None:
        quoted = _tidy(self._quotes.pop())
        self._write("\n\n" + "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) + "\n\n" if quoted else "")


def _tidy(parts: list[str]) -> str:
    lines = [line.strip() for line in "".join(parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
