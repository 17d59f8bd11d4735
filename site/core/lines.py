"""Lines as people type them, freed of what nobody sees: it could turn a line round, or make two look like one."""

import unicodedata

KEPT = {"\u200c", "\u200d", "\x00"}  # Persian and the scripts of India are spelled with the first two


def tidy(text: str) -> str:
    """`text` on one line, without control and format characters. A NUL stays, for the field to refuse."""
    return " ".join("".join(filter(_is_kept, text)).split())


def _is_kept(mark: str) -> bool:
    return mark in KEPT or mark.isspace() or unicodedata.category(mark) not in ("Cc", "Cf")
