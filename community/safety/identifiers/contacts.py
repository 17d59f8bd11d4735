"""E-mail, telephone, IP addresses."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from community.safety.identifiers.hits import Hit, Kind

REGION = "US"  # whose way of writing telephone numbers counts where no country is named; Canada's is the same

_BEFORE_AT = re.compile(r"[\w.+%'-]{1,64}\Z")
_AFTER_AT = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?!\w)")
_SPELLED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[{] ?at ?[)\]}] ?[\w-]{1,63}"
    r"(?: ?(?:\.|[(\[{] ?dot ?[)\]}]) ?[\w-]{1,63}){1,5}(?!\w)",
    re.IGNORECASE,
)

_AMERICAN = re.compile(r"(?<![\w/.@#+-])(?:\+?1[ .-]?)?(?:\((\d{3})\) ?|(\d{3})[ .-])\d{3}[ .-]\d{4}(?![\w/@]|[.-]\d)")
_ANY_PHONE = re.compile(r"(?<![\w/.@#$(-])(?:\+\d|\(?\d)(?:[ .()-]{0,2}\d){7,14}(?![\w/@%]|[.,-]\d)")
_LOCAL = re.compile(
    r"\b(?:phone|telephone|tel|cell|mobile|fax|call(?:ed)?|text(?:ed)?|dial(?:ed)?|reach(?:ed)?|voicemail)\b"
    r"[.:]?(?: (?:number|no\.?|her|him|them|me|us|is|was|at|on|it)\b:?){0,3} ?"
    r"(?P<number>\d{3}[ .-]\d{4})(?![\w/@]|[.-]\d)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r",? ?(?:ext\.?|extension|x) ?\d{1,6}\b", re.IGNORECASE)
# Numbers of ten digits that other people hand out.
_OTHER_NUMBER = re.compile(r"\b(?:NPI|ISBN|ISSN|DOI|PMID|PMCID|EIN|ORCID)\b[\w:.# ]{0,14}\Z", re.IGNORECASE)
_TOLL_FREE = {"800", "822", "833", "844", "855", "866", "877", "888"}

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{4,39}(?:\.\d{1,3}){0,3}(?![\w:])")
_VERSION = re.compile(r"(?:\bv|version|release|section|chapter|part|item|standard|\u00a7)\.? ?\Z", re.IGNORECASE)


def emails(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        before = _BEFORE_AT.search(text, max(at - 64, 0), at)
        after = _AFTER_AT.match(text, at + 1)
        if before and after:
            lead = len(before[0]) - len(before[0].lstrip(".'-"))
            if lead < len(before[0]):
                yield Hit(Kind.EMAIL, before.start() + lead, after.end(), "an e-mail address")
        at = text.find("@", at + 1)
    for found in _SPELLED.finditer(text):
        yield Hit(Kind.EMAIL, found.start(), found.end(), "an e-mail address")


def phones(text: str) -> Iterator[Hit]:
    """Telephone and fax numbers. A toll-free one is nobody's own: it is a crisis line's or an insurer's."""
    for found in _AMERICAN.finditer(text):
        if (found[1] or found[2]) not in _TOLL_FREE and not _is_other(text, found.start()):
            yield _phone(text, found.start(), found.end())
    for found in _LOCAL.finditer(text):
        yield _phone(text, found.start("number"), found.end("number"))
    for found in _ANY_PHONE.finditer(text):
        if _is_number(found[0]) and not _is_other(text, found.start()):
            yield _phone(text, found.start(), found.end())


def ips(text: str) -> Iterator[Hit]:
    for found in (*_IPV4.finditer(text), *_IPV6.finditer(text)):
        try:
            address = ip_address(found[0])
        except ValueError:
            continue
        if not (
            address.is_loopback
            or address.is_unspecified
            or _VERSION.search(text, max(found.start() - 12, 0), found.start())
        ):
            yield Hit(Kind.IP, found.start(), found.end(), "an IP address")


def _phone(text: str, start: int, end: int) -> Hit:
    extension = _EXTENSION.match(text, end)
    return Hit(Kind.PHONE, start, extension.end() if extension else end, "a phone number")


def _is_other(text: str, start: int) -> bool:
    return _OTHER_NUMBER.search(text, max(start - 24, 0), start) is not None


def _is_number(written: str) -> bool:
    """Whether the library knows it for a telephone number, and not for a toll-free one."""
    digits = sum(letter.isdigit() for letter in written)
    if not written.startswith("+") and digits not in (10, 11):
        return False
    try:
        number = phonenumbers.parse(written, REGION)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) != PhoneNumberType.TOLL_FREE
