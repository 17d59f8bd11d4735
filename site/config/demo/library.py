"""Articles, CE listings and the association's own texts, published the way an editor does it."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Site

from articles.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from community.members.models import User
from config.demo import content, pictures
from core import markdown
from core.models import Association, SiteImage, Subject
from learning.models import CeIndexPage, CeListingPage

LISTING_FIELDS = (
    "slug title format intro description registration_link approving_body provider_number approval_statement"
)


def association() -> None:
    """The association's name and words, the home page's headline, and the page about it."""
    texts = content.read("texts")
    site = Site.objects.get(is_default_site=True)
    Association.objects.update_or_create(site=site, defaults=texts["association"])
    home = HomePage.objects.get()
    home.title, home.intro = texts["home"]["title"], texts["home"]["intro"]
    home.save_revision().publish()
    about = StandardPage(title=texts["about"]["title"], slug="about", audience="world")
    about.body = [("paragraph", markdown.render(texts["about"]["body"]))]
    _publish(home, about)


def articles(people: dict[str, User], vocabulary: dict[str, Subject]) -> None:
    """All articles, with a drawn picture where they name one."""
    index = ArticleIndexPage.objects.get()
    drawn: dict[str, SiteImage] = {}
    for row in sorted(content.read("articles")["article"], key=lambda row: -row["days_ago"]):
        page = ArticlePage(
            slug=row["slug"],
            title=row["title"],
            intro=row["intro"],
            author=people[row["author"]],
            published_on=timezone.localdate() - timedelta(days=row["days_ago"]),
            audience="world",
            body=[_block(block) for block in row["block"]],
        )
        if (name := row["image"]) != "none":
            page.lead_image = drawn[name] = drawn.get(name) or _picture(name)
            page.lead_image_alt = pictures.ALT[name]
        page.subjects = [vocabulary[slug] for slug in row["subjects"]]
        _publish(index, page)


def listings(people: dict[str, User], vocabulary: dict[str, Subject]) -> None:
    """All CE listings, those of last year too."""
    index = CeIndexPage.objects.get()
    for row in content.read("listings")["listing"]:
        page = CeListingPage(
            **{name: row[name] for name in LISTING_FIELDS.split()},
            hours=Decimal(str(row["hours"])),
            price=Decimal(row["price"]),
            presenter=people.get(row["presenter"]),
            presenter_text=row["presenter_text"],
            objectives=[("objective", words) for words in row["objectives"]],
            audience="world",
        )
        if row["format"] != CeListingPage.Format.SELF_PACED:
            page.starts_on = timezone.localdate() + timedelta(days=row["starts_in_days"])
        page.subjects = [vocabulary[slug] for slug in row["subjects"]]
        _publish(index, page)


def _publish(parent, page) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()


def _picture(name: str) -> SiteImage:
    image = SiteImage(title=pictures.ALT[name])
    image.file.save(f"{name}.jpg", ContentFile(pictures.draw(name)), save=False)
    image.width, image.height = pictures.WIDTH, pictures.HEIGHT
    image.save()
    return image


def _block(row: dict):
    """One block of the article's StreamField, from its row in the content."""
    if row["type"] == "quote":
        return "quote", {"text": row["text"], "source": row.get("source", "")}
    if row["type"] == "callout":
        return "callout", {"title": row.get("title", ""), "text": row["text"]}
    if row["type"] == "reading_list":
        return "reading_list", {"title": row.get("title", ""), "items": [{"text": item} for item in row["items"]]}
    return row["type"], row["text"].strip()
