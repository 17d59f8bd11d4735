"""What a private page leaves in the browser: nothing that the next person at the desk could find."""

from community.discussions import forums
from factories.discussions import make_topic
from factories.groups import MembershipFactory

KEPT = """async () => ({
    local: Object.values(localStorage).join(),
    session: Object.values(sessionStorage).join(),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def test_nothing_of_a_group_stays_behind(fresh_database, page, site_url, log_in):
    own = MembershipFactory(group__hidden=True, group__name="Brackenmoor circle", user__confirmed=True)
    topic = make_topic(forums.forum_for_group(own.group), by=own.user, subject="Peregrath again")
    log_in(page, own.user)

    for path in (own.group.get_absolute_url(), topic.get_absolute_url(), "/today/", "/groups/"):
        page.goto(site_url + path)
        kept = page.evaluate(KEPT)
        assert "Brackenmoor" not in kept["local"] + kept["session"]
        assert "Peregrath" not in kept["local"] + kept["session"]
        assert (kept["databases"], kept["caches"], kept["workers"]) == (0, 0, 0)


def test_the_way_back_shows_nothing_once_logged_out(fresh_database, page, site_url, log_in):
    own = MembershipFactory(group__hidden=True, group__name="Brackenmoor circle", user__confirmed=True)
    log_in(page, own.user)
    page.goto(site_url + own.group.get_absolute_url())
    assert page.get_by_role("heading", name="Brackenmoor circle").is_visible()

    page.context.clear_cookies()
    page.goto(site_url + "/")
    page.go_back()

    assert "Brackenmoor" not in page.content()
