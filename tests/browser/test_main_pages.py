"""The main pages of the demonstration, in both modes and both widths: axe finds nothing, nothing scrolls sideways,
and (by the harness) the console is quiet and no policy is violated."""

from articles.models import ArticlePage
from community.discussions.models import Topic
from community.members.models import User
from config import demo
from events.models import Occurrence
from learning.models import CeListingPage

VISITED = ["/", "/events/", "/groups/columbus/", "/discussions/", "/accounts/login/", "/accounts/signup/", "/nowhere/"]
LED = [
    f"/groups/systems-table/{page}" for page in ("", "people/", "invite/", "edit/", "archive/", "agreement/addition/")
]
LOOKS = [(1280, "light"), (1280, "dark"), (320, "dark"), (320, "light")]


def main_pages() -> list[str]:
    article = ArticlePage.objects.live().exclude(lead_image=None).first()
    topic = Topic.objects.select_related("forum").order_by("-posts_count").first()
    meeting = Occurrence.objects.get(event__title="Ethics of telehealth across state lines")
    listing = CeListingPage.objects.live().exclude(approving_body="").first()
    return [
        "/",
        "/today/",
        "/articles/",
        article.get_absolute_url(),
        "/learning/",
        listing.get_absolute_url(),
        "/discussions/",
        "/discussions/all/",
        "/discussions/all/?show=following&kind=question&sort=new",
        topic.forum.get_absolute_url(),
        topic.get_absolute_url(),
        "/groups/",
        "/groups/columbus/",
        "/groups/thursday-consultation/",
        "/groups/thursday-consultation/files/",
        "/groups/start/",
        "/events/",
        "/events/month/",
        meeting.get_absolute_url(),
        "/people/",
        "/search/?q=telehealth",
        "/rules/",
    ]


def check(page, url: str, axe) -> None:
    """Load a page once and look at it in each width and mode."""
    page.goto(url)
    for width, mode in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=mode)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (url, width)
        axe(page)


def test_the_main_pages_are_sound_for_members_and_visitors(fresh_database, open_page, log_in, site_url, axe):
    demo.build()
    visitor, member, leader = open_page(), open_page(), open_page()
    log_in(member, User.objects.get(email="member@collegial.test"))
    log_in(leader, User.objects.get(email="organiser@collegial.test"))

    for path in main_pages():
        check(member, site_url + path, axe)
    for path in LED:
        check(leader, site_url + path, axe)
    for path in VISITED:
        check(visitor, site_url + path, axe)
