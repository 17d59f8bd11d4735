from factories.articles import ArticleFactory
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.groups import GroupFactory
from factories.learning import ListingFactory
from factories.members import UserFactory


def test_the_sitemap_lists_what_the_world_may_read_whoever_asks(client, db):
    public = [
        ArticleFactory(slug="open-article"),
        ListingFactory(slug="open-listing"),
        make_topic(make_forum(audience="world")),
        GroupFactory(slug="open-chapter"),
        EventFactory(audience="world"),
    ]
    private = [
        ArticleFactory(slug="members-article", audience="members"),
        make_topic(make_forum(audience="members")),
        GroupFactory(slug="quiet-group", hidden=True),
        EventFactory(audience="members"),
    ]
    client.force_login(UserFactory(superuser=True))

    body = client.get("/sitemap.xml").content.decode()

    for thing in public:
        assert f"{thing.get_absolute_url()}</loc>" in body
    for thing in private:
        assert f"{thing.get_absolute_url()}</loc>" not in body


def test_robots_are_told_where_the_sitemap_is_and_what_is_private(client, db):
    body = client.get("/robots.txt").content.decode()

    assert "Sitemap: http://testserver/sitemap.xml" in body
    assert "Disallow: /admin/" in body
