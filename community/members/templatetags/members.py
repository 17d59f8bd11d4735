"""How pages speak about people."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

_BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
]


@register.filter
def browser_words(user_agent: str) -> str:
    """A browser as its owner would call it: "Firefox on Windows"."""
    browser = next((words for mark, words in _BROWSERS if re.search(rf"{mark}\w*/", user_agent)), "")
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")
