"""Texts that want a renderer of Markdown to take long or to let something through: what the bench times and the tests
look at. Each is as long as a post can be, and is looked at in shorter pieces too (`pieces`): beyond a limit, markup is
shown as it was typed, so that the longest text is seldom the slowest."""

from collections.abc import Iterator

from core.markdown import MAX_LENGTH

_TEXTS = {
    "501 quotes": ">" * 501 + " a",
    "quotes": ">" * 20_000,
    "quotes apart": "> " * 10_000,
    "quote lines": "> a\n" * 5000,
    "open links": "[a](" * 5000,
    "open angle links": "[a](<b" * 3400,
    "open titles": '[a](b "c' * 2500,
    "brackets": "[" * 20_000,
    "nested brackets": "[" * 10_000 + "]" * 10_000,
    "images": "![" * 10_000,
    "closed brackets": "[]" * 10_000,
    "references": "[a][b]" * 3400,
    "definitions": "".join(f"[a{n}]: http://b\n" for n in range(1100)),
    "definitions and their use": "".join(f"[a{n}]: http://b\n" for n in range(600)) + "[a1] " * 1500,
    "one long definition": "[a]: <" + "b" * 19_000,
    "footnotes": "".join(f"[^{n}]: a\n" for n in range(700)) + "[^1]" * 2000,
    "stars": "*a" * 10_000,
    "mixed emphasis": "**a_b" * 4000,
    "star underscore": "*_" * 10_000,
    "nested emphasis": "*" * 10_000 + "a" + "*" * 9_999,
    "emphasis in emphasis": "*a **b " * 1400 + "c** d*" * 1600,
    "strikes": "~~a~~ " * 3400,
    "backticks": " ".join("`" * n for n in range(200)),
    "comments": "<!--" * 5000,
    "declarations": "<!A" * 6600,
    "instructions": "<?" * 10_000,
    "html": "<a href=" * 2500,
    "tags": "<b>" * 6600,
    "entities": "&" * 20_000,
    "named entities": "&amp;" * 4000,
    "hashes": "#" * 20_000,
    "wide table": "|".join("a" * 2000) + "\n" + "|".join("-" * 2000) + "\n" + "a|\n" * 4000,
    "10,000 cells": "|a|b|c|d|e\n|-|-|-|-|-\n" + "|1|2|3|4|5\n" * 1800,
    "10,000 cells of a line": "|" * 9_000 + "\n" + "|-" * 5_000,
    "a table that grows": "|" + "a|" * 99 + "\n|" + "-|" * 99 + "\n" + "|\n" * 9_800,
    "list": "- a\n" * 5000,
    "numbers": "1. a\n" * 4000,
    "nested list": "\n".join("  " * n + "- a" for n in range(140)),
    "a list in a line": "- " * 10_000,
    "numbers in a line": "1. " * 6_600,
    "quotes and lists": ">- " * 6_600,
    "lines": "a\n" * 10_000,
    "breaks": "a  \n" * 5000,
    "headings": "# a\n" * 5000,
    "underlines": "a\n-\n" * 5000,
    "rules": "***\n" * 5000,
    "fences": "```\n" * 5000,
    "an open fence": "```" + "a\n" * 9_000,
    "tildes": "~" * 20_000,
    "tabs": "\t" * 20_000,
    "spaces": " " * 19_999 + "a",
    "backslashes": "\\*" * 10_000,
    "NUL": "\0" * 20_000,
    "a word": "a" * 20_000,
    "a word outside ASCII": "\u00fc" * 20_000,
    "signs beyond the first plane": "\U0001f600" * 20_000,
    "combining marks": "a" + "\u0301" * 19_999,
    "turned around": "\u202ea\u2066" * 6_600,
    "addresses": "https://a" * 2300,
    "addresses apart": "https://a.b " * 1_600,
    "dotted address": "https://a" + "." * 19_000,
    "bracketed address": "https://a" + ")" * 19_000,
    "addresses in brackets": "<https://a>" * 1_800,
    "foreign hosts": "http://\u0430\u0440\u0440\u04cf\u0435.com " * 1_050,
    "a long foreign host": "http://" + "\u0430" * 19_000,
    "a long link": "[a](http://" + "b" * 19_000 + ")",
    "calls": "@a" * 10_000,
    "calls apart": "@a " * 6_600,
}
TEXTS = {name: text[:MAX_LENGTH] for name, text in _TEXTS.items()}


def pieces(text: str) -> Iterator[str]:
    """The text, and its beginnings, each some fifth shorter than the one before."""
    while len(text) > MAX_LENGTH // 20:
        yield text
        text = text[: len(text) * 4 // 5]
