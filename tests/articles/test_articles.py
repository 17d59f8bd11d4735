from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Site

from articles.models import ArticlePage, HomePage
from articles.reading import minutes_to_read
from core.models import Association
from factories.articles import ArticleFactory, ImageFactory, StandardPageFactory, SubjectFactory
from factories.members import UserFactory

# Session, user, association, index page, count, articles with their topics, pictures, all topics, who may edit.
LIST_QUERIES = 9


@pytest.fixture
def member(db):
    return UserFactory()


def articles_with_pictures(count):
    subject = SubjectFactory(name="Grief", slug="grief")
    for number in range(count):
        image = ImageFactory()
        image.get_renditions("fill-240x180|format-webp")
        ArticleFactory(
            author=UserFactory(), lead_image=image, lead_image_alt="A tree", subjects=[subject], slug=f"a-{number}"
        )


def titles(response):
    return [article.title for article in response.context["articles"]]


def test_the_home_page_shows_the_newest_articles(client, db):
    today = timezone.localdate()
    ArticleFactory(title="Older", published_on=today - timedelta(days=2))
    ArticleFactory(title="Newer", published_on=today)

    response = client.get("/")

    assert response.status_code == 200
    assert [article.title for article in response.context["lead"]] == ["Newer"]
    assert titles(response) == ["Older"]


def test_a_featured_article_leads_the_home_page_for_those_who_may_read_it(client, member):
    today = timezone.localdate()
    featured = ArticleFactory(title="Featured", audience="members", published_on=today - timedelta(days=400))
    ArticleFactory(title="Newest", published_on=today)
    HomePage.objects.update(featured=featured)

    for_visitors = client.get("/").context["lead"]
    client.force_login(member)
    for_members = client.get("/").context["lead"]

    assert [article.title for article in for_visitors] == ["Newest"]
    assert [article.title for article in for_members] == ["Featured"]


def test_an_empty_home_page_says_what_would_fill_it(client, db):
    response = client.get("/")

    assert "as soon as the first one is published" in response.content.decode()


def test_a_visitor_is_welcomed_and_a_member_is_not(client, member):
    Association.objects.create(site=Site.objects.get(is_default_site=True), welcome="Come in and sit down.")

    assert "Come in and sit down." in client.get("/").content.decode()
    client.force_login(member)
    assert "Come in and sit down." not in client.get("/").content.decode()


def test_articles_are_listed_by_topic(client, db):
    grief = SubjectFactory(name="Grief", slug="grief")
    ArticleFactory(title="About grief", subjects=[grief])
    ArticleFactory(title="About rent")

    response = client.get("/articles/topics/grief/")

    assert titles(response) == ["About grief"]


def test_only_topics_that_have_something_to_read_are_offered(client, db):
    secret = SubjectFactory(name="Secret")
    ArticleFactory(audience="members", subjects=[secret])
    SubjectFactory(name="Unused")

    response = client.get("/articles/")

    assert list(response.context["subjects"]) == []


def test_articles_are_numbered_in_pages(client, db):
    for number in range(13):
        ArticleFactory(slug=f"a-{number}")

    assert len(titles(client.get("/articles/"))) == 12
    assert len(titles(client.get("/articles/?page=2"))) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/articles/?page=3",
        "/articles/?page=0",
        "/articles/?page=-1",
        "/articles/?page=x",
        "/articles/?page=%00",
        "/articles/?page=99999999999999999999",
        "/articles/topics/none/",
        "/articles/topics/a%00b/",
        "/articles/no-such-article/",
        "/articles/a%00b/",
        "/articles/%ff/",
        "/no-such-page/",
        "/articles/no/such/page/",
    ],
)
def test_an_address_that_leads_nowhere_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/articles/", "/articles/feed/", "/articles/about-trees/", "/accessibility/"])
def test_pages_never_take_a_post(client, db, address):
    ArticleFactory(slug="about-trees")

    assert client.post(address).status_code == 405


def test_the_list_costs_the_same_for_one_article(client, member, django_assert_num_queries):
    articles_with_pictures(1)
    client.force_login(member)
    client.get("/articles/")  # makes the sizes that are missing

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/articles/")


def test_the_list_costs_the_same_for_twenty_articles(client, member, django_assert_num_queries):
    articles_with_pictures(20)
    client.force_login(member)
    client.get("/articles/")

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/articles/")


def test_a_topic_costs_one_query_more(client, member, django_assert_num_queries):
    articles_with_pictures(20)
    client.force_login(member)
    client.get("/articles/topics/grief/")

    with django_assert_num_queries(LIST_QUERIES + 1):
        client.get("/articles/topics/grief/")


def test_an_article_costs_few_queries(client, member, django_assert_num_queries):
    articles_with_pictures(1)
    article = ArticlePage.objects.get()
    image = {"image": article.lead_image, "alt_text": "A tree", "decorative": False}
    article.body = [("image", {"image": image, "caption": ""})] * 3
    article.save_revision().publish()
    client.force_login(member)
    client.get("/articles/a-0/")

    with django_assert_num_queries(7):
        client.get("/articles/a-0/")


def test_home_costs_few_queries(client, member, django_assert_num_queries):
    articles_with_pictures(20)
    client.force_login(member)
    client.get("/")

    with django_assert_num_queries(8):
        client.get("/")


def test_a_byline_links_to_the_person_for_members_only(client, member):
    author = UserFactory(display_name="Ngozi Adeyemi")
    ArticleFactory(slug="mine", author=author)

    for_visitors = client.get("/articles/mine/").content.decode()
    client.force_login(member)
    for_members = client.get("/articles/mine/").content.decode()

    assert "Ngozi Adeyemi" in for_visitors
    assert author.get_absolute_url() not in for_visitors
    assert f'href="{author.get_absolute_url()}"' in for_members


def test_a_byline_of_somebody_who_hides_is_a_name_without_a_link(client, member):
    author = UserFactory(display_name="Ngozi Adeyemi", hidden=True)
    ArticleFactory(slug="mine", author=author)
    client.force_login(member)

    html = client.get("/articles/mine/").content.decode()

    assert "Ngozi Adeyemi" in html
    assert author.get_absolute_url() not in html


def test_a_picture_needs_words_for_those_who_do_not_see_it(db):
    with pytest.raises(ValidationError) as caught:
        ArticleFactory(lead_image=ImageFactory(), lead_image_alt=" ")

    assert "lead_image_alt" in caught.value.message_dict


def test_pictures_come_in_two_formats_and_several_sizes(client, db):
    ArticleFactory(slug="mine", lead_image=ImageFactory(), lead_image_alt="A tree in a field")

    html = client.get("/articles/mine/").content.decode()

    assert 'type="image/webp"' in html
    assert "480w" in html or "64w" in html
    assert 'alt="A tree in a field"' in html
    assert "width=" in html


def test_reading_time_counts_the_words_of_all_blocks():
    body = [
        {"type": "paragraph", "value": "<p>" + "word " * 400 + "</p>", "id": "x"},
        {
            "type": "reading_list",
            "value": {"title": "", "items": [{"text": "word " * 60, "url": "https://example.org"}]},
        },
    ]

    assert minutes_to_read(body) == 2
    assert minutes_to_read([]) == 1


def test_a_standing_page_has_an_address_of_its_own(client, db):
    StandardPageFactory(title="About us", slug="about", body=[("paragraph", "<p>We meet.</p>")])

    response = client.get("/about/")

    assert response.status_code == 200
    assert "We meet." in response.content.decode()


@pytest.mark.parametrize("slug", ["events", "people", "admin", "learning", "search", "today"])
def test_a_standing_page_keeps_off_the_addresses_of_rooms(db, slug):
    with pytest.raises(ValidationError) as caught:
        StandardPageFactory(slug=slug)

    assert "slug" in caught.value.message_dict


def test_articles_are_found_by_their_words_and_their_author(db):
    author = UserFactory(display_name="Ngozi Adeyemi")
    article = ArticleFactory(author=author, body=[("paragraph", "<p>The accordion man upstairs.</p>")])
    ArticleFactory(audience="members", body=[("paragraph", "<p>Another accordion.</p>")])

    visible = ArticlePage.objects.visible_to(AnonymousUser())

    assert list(visible.search("accordion")) == [article]
    assert list(visible.search("Adeyemi")) == [article]
