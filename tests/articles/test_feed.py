import xml.etree.ElementTree as ET

from articles.models import ArticlePage
from factories.articles import ArticleFactory, SubjectFactory
from factories.members import UserFactory


def test_the_feed_names_each_article_with_its_whole_address(client, db, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://wayside.example"
    ArticleFactory(
        title="Tea & company",
        slug="tea",
        author=UserFactory(display_name="Ngozi"),
        subjects=[SubjectFactory(name="Grief")],
    )

    response = client.get("/articles/feed/")

    assert response["Content-Type"].startswith("application/rss+xml")
    item = ET.fromstring(response.content).find("channel/item")  # noqa: S314 - our own output
    assert item.findtext("title") == "Tea & company"
    assert item.findtext("link") == "https://wayside.example/articles/tea/"
    assert item.findtext("category") == "Grief"
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ngozi"


def test_the_feed_costs_the_same_for_twenty(client, db, django_assert_num_queries):
    for number in range(20):
        ArticleFactory(slug=f"a-{number}", author=UserFactory(), subjects=[SubjectFactory()])

    with django_assert_num_queries(3):
        client.get("/articles/feed/")

    ArticlePage.objects.first().delete()
    with django_assert_num_queries(3):
        client.get("/articles/feed/")


def test_pages_tell_readers_where_the_feed_is(client, db):
    assert 'type="application/rss+xml"' in client.get("/articles/").content.decode()
