"""What an import says of itself: numbers, in words for whoever runs it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.discussions.models import ForumImport
from community.safety.identifiers import Kind

KINDS = {
    Kind.ADDRESS: gettext_lazy("street addresses"),
    Kind.ZIP: gettext_lazy("ZIP and postal codes"),
    Kind.DATE: gettext_lazy("dates finer than a year"),
    Kind.AGE: gettext_lazy("ages over 89"),
    Kind.PHONE: gettext_lazy("phone numbers"),
    Kind.EMAIL: gettext_lazy("e-mail addresses"),
    Kind.SSN: gettext_lazy("Social Security numbers"),
    Kind.RECORD: gettext_lazy("numbers of records and accounts"),
    Kind.POLICY: gettext_lazy("policy numbers"),
    Kind.IP: gettext_lazy("IP addresses"),
}


def lines(doing: ForumImport) -> Iterator[str]:
    """One sentence each."""
    counts = doing.counts
    yield f"{size(counts.get('posts', 0), counts.get('topics', 0))}."
    yield _("By people with an account here: %(count)s. All others are shown as former members.") % {
        "count": _number(counts, "by members")
    }
    for name, words in {
        "known": _("Here already: %(count)s."),
        "shortened": _("Longer than a post, and shortened: %(count)s."),
        "errors": _("Left out, since they could not be read: %(count)s."),
    }.items():
        if counts.get(name):
            yield words % {"count": _number(counts, name)}
    attached = {name.partition(" ")[2]: count for name, count in counts.items() if name.startswith("attached ")}
    if attached:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(attached.items()))
        yield _("Files were left out: %(kinds)s.") % {"kinds": kinds}
    yield from identifiers(counts)


def size(posts: int, topics: int) -> str:
    """How much it is."""
    conversations = ngettext("%(count)s conversation", "%(count)s conversations", topics) % {"count": f"{topics:,}"}
    words = ngettext("%(count)s post in %(conversations)s", "%(count)s posts in %(conversations)s", posts)
    return words % {"count": f"{posts:,}", "conversations": conversations}


def total(imports: Iterable[ForumImport]) -> Counter[str]:
    """What several imports counted."""
    return sum((Counter(each.counts) for each in imports), Counter())


def identifiers(counts: Mapping[str, int]) -> Iterator[str]:
    """What the look for identifiers found, by kind; nobody can say from this that there is nothing else."""
    found = [f"{words} {counts[name]:,}" for kind, words in KINDS.items() if (name := f"found {kind}") in counts]
    if found:
        yield _("What could identify somebody, by its form alone: %(found)s.") % {"found": ", ".join(found)}
    else:
        yield _("Nothing was found that identifies somebody by its form. Names and places have none.")


def _number(counts: Mapping[str, int], name: str) -> str:
    return f"{counts.get(name, 0):,}"
