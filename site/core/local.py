"""Where the language, the zone and the place of the site are kept while a request is answered.

Django keeps them so that they go along with async code, behind a lock and a context variable: 2 µs at each look, and a
page looks 180 times, at each sentence, date and address. Our web server runs no async code; there a thread's own memory
means the same. Whatever is asked for in a request is set anew in each (by Django's handler, LocaleMiddleware and
TimeZoneMiddleware).
"""

import threading

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

KEPT = ((trans_real, "_active"), (timezone, "_active"), (base, "_prefixes"), (base, "_urlconfs"))


def keep_to_threads() -> None:
    """For a process whose threads answer requests, before the first one."""
    for module, name in KEPT:
        setattr(module, name, threading.local())
