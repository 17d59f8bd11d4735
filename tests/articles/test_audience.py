import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from wagtail.views import serve

from articles.models import ArticlePage
from core.audience import NOT_A_GROUP
from factories.articles import ArticleFactory, StandardPageFactory
from factories.learning import ListingFactory
from factories.members import UserFactory

WHO = {
    "visitor": lambda: None,
    "applicant": lambda: UserFactory(applicant=True),
    "lapsed": lambda: UserFactory(lapsed=True, practitioner=True),
    "member": UserFactory,
    "practitioner": lambda: UserFactory(practitioner=True),
    "staff": lambda: UserFactory(superuser=True, standing="applicant"),
}
READS = {
    "visitor": {"world"},
    "applicant": {"world"},
    "lapsed": {"world"},
    "member": {"world", "members"},
    "practitioner": {"world", "members", "practitioners"},
    "staff": {"world"},
}


@pytest.mark.parametrize("who", WHO)
def test_a_page_answers_its_audience_and_is_missing_for_all_others(client, db, who):
    for audience, _words in NOT_A_GROUP:
        ArticleFactory(slug=f"article-{audience}", audience=audience)
        ListingFactory(slug=f"listing-{audience}", audience=audience)
        StandardPageFactory(slug=f"standing-{audience}", audience=audience)
    if person := WHO[who]():
        client.force_login(person)

    for audience, _words in NOT_A_GROUP:
        expected = 200 if audience in READS[who] else 404
        assert client.get(f"/articles/article-{audience}/").status_code == expected
        assert client.get(f"/learning/listing-{audience}/").status_code == expected
        assert client.get(f"/standing-{audience}/").status_code == expected


@pytest.mark.parametrize("who", WHO)
def test_lists_show_what_the_reader_may_read(client, db, who):
    for audience, _words in NOT_A_GROUP:
        ArticleFactory(title=f"For {audience}", audience=audience)
        ListingFactory(title=f"For {audience}", audience=audience)
    if person := WHO[who]():
        client.force_login(person)

    expected = {f"For {audience}" for audience in READS[who]}

    home = client.get("/").context
    assert {article.title for article in [*home["lead"], *home["articles"]]} == expected
    assert {article.title for article in client.get("/articles/").context["articles"]} == expected
    assert {listing.title for listing in client.get("/learning/").context["listings"]} == expected


def test_the_feed_is_for_the_world_whoever_asks(client, db):
    ArticleFactory(title="For all")
    ArticleFactory(title="For members", audience="members")
    client.force_login(UserFactory(practitioner=True))

    xml = client.get("/articles/feed/").content.decode()

    assert "For all" in xml
    assert "For members" not in xml


def test_the_tree_s_own_way_to_a_page_keeps_to_the_audience_too(client, db, rf):
    ArticleFactory(slug="secret", audience="members")
    request = rf.get("/articles/secret/")
    request.user = AnonymousUser()

    with pytest.raises(Http404):
        serve(request, "articles/secret/")


def test_drafts_are_missing_for_everybody(client, db):
    article = ArticleFactory(slug="draft")
    article.unpublish()
    client.force_login(UserFactory(superuser=True))

    assert client.get("/articles/draft/").status_code == 404
    assert list(ArticlePage.objects.visible_to(AnonymousUser())) == []


def test_losing_standing_counts_on_the_next_request(client, db):
    ArticleFactory(slug="ours", audience="members")
    member = UserFactory()
    client.force_login(member)
    assert client.get("/articles/ours/").status_code == 200

    type(member).objects.filter(pk=member.pk).update(standing="lapsed")

    assert client.get("/articles/ours/").status_code == 404
