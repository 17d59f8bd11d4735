"""The look at a valid composer's form before its words are posted, in the texts of all its boxes and names of files."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from community.discussions import attachments
from community.discussions.models import Attachment
from community.safety.identifiers.looking import Look, look_at, replacements

REPLACE, AS_IT_IS = "replace", "as_it_is"  # what the two buttons send
_FILE = "file "


def second_look(form, attached: Sequence[Attachment], sent: Mapping[str, str], *, by) -> Look | None:
    """What to show before this form is posted, or None where it may go as it is.

    Where its writer asked for it, the form then holds the neutral wordings, and files are renamed. Raises
    DiscussionRefused where a file is not theirs to rename any more.
    """
    without = set(form.cleaned_data.get("without", ()))
    files = {f"{_FILE}{each.pk}": each for each in attached if each.pk not in without}
    texts = form.typed | {name: file.name for name, file in files.items()}
    labels = {name: form.fields[name].label for name in form.typed} | dict.fromkeys(files, _("Name of a file"))
    if REPLACE not in sent:
        return look_at(texts, labels, by=by, seal=sent.get(AS_IT_IS, ""))
    changed, count = replacements(texts)
    form.data = form.data.copy()
    for name, words in changed.items():
        if name in files:
            attachments.rename(files[name], words, by=by)
            changed[name] = files[name].name
        else:
            form.data[name] = words
    return look_at(texts | changed, labels, by=by, replaced=count)
