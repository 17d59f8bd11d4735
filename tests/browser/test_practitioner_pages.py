"""Every page of the discussions, of what is told and of what moderators do, as its readers see it: fine for axe, narrow
and wide, light and dark, and silent on the console."""

import pytest

from community.discussions import answering, drafts, following, forums, moderation, places, polls, posting, saved
from community.discussions.models import Post, Topic
from community.notices import envelope
from community.safety import reports
from community.safety.models import Decision
from core.models import Subject
from factories.attachments import reply_with
from factories.discussions import make_forum, make_topic
from factories.files import PDF, photograph
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory, as_moderator

NOT_HERE = "/discussions/post/1000000/"
LOOKS = [(1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")]


class Town:
    """One of everything, so that each page has something to show."""

    def __init__(self) -> None:
        self.wren = UserFactory(display_name="Wren Ito", practitioner=True)
        self.maren = UserFactory(display_name="Maren Aldous", practitioner=True)
        self.moderator = as_moderator(UserFactory(display_name="Mo Moderator", practitioner=True))
        self.tag = Subject.objects.create(name="Supervision", slug="supervision")
        self.forum = make_forum("Private practice", description="Fees, rooms, and what they do not teach.")
        self.topic = posting.start_topic(
            self.forum,
            by=self.wren,
            subject="How do you raise fees?",
            body="I never *have*.\n\n> So it was.",
            kind="question",
            tags=[self.tag],
            poll=polls.NewPoll("How often?", ("Each year", "Never")),
        )
        self.answer = reply_with(self.topic, self.maren, (PDF, "letter.pdf"), (photograph((60, 40)), "room.jpg"))
        self.other = posting.reply(self.topic, by=self.maren, body="@Wren Ito, each January.", quoting=self.answer)
        self.gone = posting.reply(self.topic, by=self.maren, body="Never mind.")
        moderation.remove(Post.objects.get(pk=self.gone.pk), by=self.maren)
        self.own = posting.reply(self.topic, by=self.wren, body="Thank you.")
        posting.edit_post(self.own, by=self.wren, body="Thank you both.", based_on=0)
        self.hidden = posting.reply(make_topic(self.forum, subject="Rooms"), by=self.wren, body="It was in our town.")
        reported = reports.report("post", self.hidden.pk, by=self.maren, reason="client", words="It names one.")
        reports.close(reported, by=self.moderator, outcome="hidden", reason="It could name somebody.")
        reports.report("post", self.own.pk, by=self.maren, reason="rules", words="Off the topic.")
        answering.react(self.answer, "with", by=self.wren)
        answering.mark_helpful(self.answer, by=self.wren)
        saved.save(self.answer, by=self.wren)
        following.watch_forum(self.forum, "follow", by=self.wren)
        following.watch_tag(self.tag, "mute", by=self.wren)
        drafts.save(places.in_topic(Topic.objects.get(pk=self.topic.pk)), by=self.wren, body="Half a line", based_on="")
        self.open = make_topic(make_forum("Open house", audience="world"), by=self.maren, replies=2)
        group = GroupFactory(consultation=True, name="Thursday circle")
        MembershipFactory(group=group, facilitator=True)
        put_in(group, self.wren)
        self.inside = forums.forum_for_group(group)

    def pages(self) -> dict[str, list[str]]:
        """Addresses, by who looks at them."""
        thread, forum, circle = (
            thing.get_absolute_url() for thing in (Topic.objects.get(pk=self.topic.pk), self.forum, self.inside)
        )
        post, own = (f"/discussions/post/{each.pk}/" for each in (self.answer, self.own))
        decision = Decision.objects.filter(person=self.wren).first()
        stop = envelope.stop_path("reply", self.other.pk, self.wren.pk)
        return {
            "wren": [
                *("/discussions/", "/discussions/all/", "/discussions/all/?show=unread", "/discussions/all/?kind=case"),
                *(forum, circle, thread, f"{thread}reply/?quote={self.answer.pk}", f"{forum}new/", f"{circle}new/"),
                *(f"{own}{end}/" for end in ("edit", "history", "remove", "details")),
                "/discussions/all/?tag=supervision",
                *("/discussions/drafts/", "/discussions/saved/", "/discussions/watch/", "/discussions/search/"),
                *("/discussions/search/?q=fees", "/discussions/search/?q=lindisquay", "/notices/", "/account/mail/"),
                *("/account/", "/account/addresses/", "/account/reports/", "/account/decisions/"),
                *(decision.get_absolute_url(), f"/report/post/{self.answer.pk}/"),
                f"/report/attachment/{self.answer.attachments.first().pk}/",
            ],
            "moderator": [
                *("/moderation/", "/moderation/decided/", "/moderation/figures/"),
                *(f"/moderation/people/{self.wren.pk}/", "/discussions/removed/", thread),
                *(f"{thread}{end}/" for end in ("look-after", "move", "merge")),
                *(f"{post}{end}/" for end in ("hide", "amend", "split", "details", "history")),
                f"/discussions/post/{self.hidden.pk}/restore/",
            ],
            "visitor": ["/discussions/", "/discussions/search/?q=rooms", stop, self.open.get_absolute_url(), NOT_HERE],
        }


@pytest.mark.parametrize("who", ["wren", "moderator", "visitor"])
def test_every_page_is_fine_for_axe_and_says_nothing_on_the_console(open_page, site_url, log_in, axe, run_jobs, who):
    town = Town()
    run_jobs()
    page = open_page()
    if who != "visitor":
        log_in(page, getattr(town, who))
    said: list[str] = []
    for path in town.pages()[who]:
        listen = listener(said, path)
        page.on("console", listen)
        status = page.goto(f"{site_url}{path}").status
        page.wait_for_load_state("networkidle")
        page.remove_listener("console", listen)  # what axe tries is no word of the page's
        assert (path, status) == (path, 404 if path == NOT_HERE else 200)
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            axe(page)
            assert page.evaluate(FITS), (path, width)

    assert [line for line in said if not line.startswith(NOT_HERE)] == []  # the browser says that it is a 404


FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def listener(said: list[str], path: str):
    return lambda message: said.append(f"{path}: {message.text}")
