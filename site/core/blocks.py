"""The blocks that editors build pages from."""

import re
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(**{"features": TEXT_FEATURES} | kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs and lists, with links.")
        preview_value = "<p>My last appointment ends at ten to six, and what follows is an hour of my own.</p>"


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("A heading between two parts of the text.")
        template = "core/blocks/heading.html"
        preview_value = "Five past six on Tuesdays"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Words"), rows=3)
    source = blocks.CharBlock(label=_("Who said it"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("Somebody's words, set apart. Never a client's.")
        template = "core/blocks/quote.html"
        preview_value = {
            "text": "I bring it into the room as it stands, and ask what they have noticed.",
            "source": "A colleague",
        }


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with a description for people who don't see it.")
        template = "core/blocks/picture.html"


class CalloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=3)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        description = _("A tinted box for something practical: a tip, a date, where to turn.")
        template = "core/blocks/callout.html"
        preview_value = {
            "title": "If your building is quiet too",
            "text": "Ask a colleague for fifteen minutes a week.",
        }


class VideoValue(blocks.StructValue):
    @property
    def provider(self) -> str:
        return video_at(self["url"])[0]

    @property
    def link(self) -> str:
        return video_at(self["url"])[1]


class VideoBlock(blocks.StructBlock):
    """A video elsewhere, as a card that links to it.

    Not a player in a frame: a frame would tell the video company who reads here, the moment a page opens. A link tells
    it nothing until somebody follows it, needs no script, and the page's strict policy stays as it is.
    """

    url = blocks.URLBlock(label=_("Address"), help_text=_("The address of a video at YouTube or Vimeo."))
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    note = blocks.CharBlock(
        label=_("Note"), required=False, max_length=200, help_text=_("How long it is, and whether it has captions.")
    )

    def clean(self, value):
        result = super().clean(value)
        if video_at(result["url"]) == ("", ""):
            error = ValidationError(gettext("Paste the address of a video at youtube.com or vimeo.com."))
            raise blocks.StructBlockValidationError(block_errors={"url": error})
        return result

    class Meta:
        icon = "media"
        label = _("Video")
        description = _(
            "A video at YouTube or Vimeo. Readers see a card; nothing loads from there until they follow it."
        )
        template = "core/blocks/video.html"
        value_class = VideoValue
        preview_value = {
            "url": "https://vimeo.com/1",
            "title": "How we run our first ten minutes",
            "note": "12 minutes, with captions",
        }


class ReadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("What it is"), max_length=300)
    url = blocks.URLBlock(label=_("Address"), required=False)

    class Meta:
        icon = "link"
        label = _("One thing to read")


class ReadingListBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    items = blocks.ListBlock(ReadingBlock(), label=_("Things to read"))

    class Meta:
        icon = "list-ul"
        label = _("Reading list")
        description = _("A few things to read or do next.")
        template = "core/blocks/reading_list.html"
        preview_value = {"title": "Before a first meeting", "items": [{"text": "Another group's agreement", "url": ""}]}


class BodyBlock(blocks.StreamBlock):
    """The body of an article or a standing page."""

    paragraph = ParagraphBlock()
    heading = HeadingBlock(max_length=120)
    quote = QuoteBlock()
    image = PictureBlock()
    callout = CalloutBlock()
    embed = VideoBlock()
    reading_list = ReadingListBlock()


def video_at(url: str) -> tuple[str, str]:
    """The provider's name and the plain address of the video at `url`; two empty strings where it is no video we know.

    The address is built anew from the video's number, so that nothing else of what was pasted gets on the page.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = [part for part in parts.path.split("/") if part]
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be") and path:
        number = parse_qs(parts.query).get("v", [""])[0] if path[0] == "watch" else path[-1]
        if re.fullmatch(r"[\w-]{6,20}", number, re.ASCII):
            return "YouTube", f"https://www.youtube.com/watch?v={number}"
    if host in ("vimeo.com", "player.vimeo.com") and path and re.fullmatch(r"[0-9]{1,12}", path[-1]):
        return "Vimeo", f"https://vimeo.com/{path[-1]}"
    return "", ""
