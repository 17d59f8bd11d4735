"""Translations without the catalogs that hold none."""

from django.conf import settings
from django.utils.translation import trans_real


def leave_out_empty() -> None:
    """Take the empty catalogs out of each language.

    Django looks for every sentence in one catalog of each app, after the other. The English of nearly all apps is a
    header alone, and English is what most pages are in: a page asked some 5,000 times for nothing.
    """
    for code, _ in settings.LANGUAGES:
        catalog = trans_real.translation(code)._catalog
        pairs = list(zip(catalog._catalogs, catalog._plurals, strict=True))
        # One stays in any case: it knows the language's plural.
        full = [pair for pair in pairs if pair[0].keys() - {""}] or pairs[-1:]
        catalog._catalogs, catalog._plurals = map(list, zip(*full, strict=True))
