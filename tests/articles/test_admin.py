from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page, Site, Workflow
from wagtail.permissions import policy_registry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from core import first_steps
from core.models import Association, SiteDocument, SiteImage, Subject
from core.tasks import publish_scheduled
from factories.articles import ArticleFactory, SubjectFactory
from factories.learning import ListingFactory
from factories.members import UserFactory
from learning.models import CeIndexPage, CeListingPage


@pytest.fixture
def editor(db):
    editor = UserFactory(staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


@pytest.fixture
def moderator(db):
    moderator = UserFactory(staff=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    return moderator


def article_form(**fields):
    return nested_form_data(
        {
            "title": "Five past six",
            "slug": "five-past-six",
            "intro": "On Tuesdays.",
            "lead_image": "",
            "lead_image_alt": "",
            "body": streamfield(
                [("paragraph", rich_text("<p>It rained.</p>", features=["bold"])), ("heading", "After")]
            ),
            "author": "",
            "author_text": "A friend",
            "published_on": "2026-03-01",
            "audience": "world",
            "comments": inline_formset([]),
        }
        | fields
    )


def test_an_editor_publishes_an_article(client, editor):
    subject, author = SubjectFactory(), UserFactory()
    index = ArticleIndexPage.objects.get()
    client.force_login(editor)

    response = client.post(
        f"/admin/pages/add/articles/articlepage/{index.pk}/",
        article_form(author=author.pk, **{"action-publish": "1"}) | {"subjects": [subject.pk]},
    )

    assert response.status_code == 302
    article = ArticlePage.objects.get()
    assert article.live
    assert article.author == author
    assert list(article.subjects.all()) == [subject]
    client.logout()
    assert "It rained." in client.get("/articles/five-past-six/").content.decode()


def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(client, editor):
    index = ArticleIndexPage.objects.get()
    client.force_login(editor)

    response = client.post(
        f"/admin/pages/add/articles/articlepage/{index.pk}/", article_form(title="", **{"action-publish": "1"})
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert "This field is required." in html
    assert "It rained." in html
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("audience", ["world", "members"])
def test_an_editor_sees_a_preview_in_a_frame_and_nobody_else_may_frame_a_page(client, editor, audience):
    article = ArticleFactory(slug="seen", audience=audience)
    client.force_login(editor)
    address = f"/admin/pages/{article.pk}/edit/preview/"
    client.post(address, article_form(title="A better title", audience=audience))

    preview = client.get(address)

    assert preview.status_code == 200
    assert "A better title" in preview.content.decode()
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/articles/seen/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/snippets/core/subject/",
        "/admin/person_chooser/?q=a",
        "/admin/reports/site-history/",
        "/admin/reports/aging-pages/",
        "/admin/reports/workflow/",
    ],
)
def test_the_admin_opens_for_editors(client, editor, address):
    client.force_login(editor)

    assert client.get(address, follow=True).status_code == 200


def test_fixed_pages_are_edited_and_never_taken_away(client, editor):
    for page in (HomePage.objects.get(), ArticleIndexPage.objects.get(), CeIndexPage.objects.get()):
        for person in (editor, UserFactory(superuser=True)):
            may = Page.objects.get(pk=page.pk).permissions_for_user(person)
            assert may.can_edit()
            assert [may.can_delete(), may.can_unpublish(), may.can_move(), may.can_copy()] == [False] * 4


def test_editors_work_on_pages_library_and_topics_and_on_nothing_else(editor):
    home = HomePage.objects.get().permissions_for_user(editor)

    assert home.can_add_subpage()
    assert home.can_publish()
    assert not Page.objects.get(depth=1).permissions_for_user(editor).can_add_subpage()
    assert editor.has_perm("core.change_subject")
    for model in (SiteImage, SiteDocument):
        policy = policy_registry.get_by_type(model)
        assert policy.user_has_permission(editor, "add")
        assert policy.user_has_permission(editor, "choose")
    for permission in ("core.change_association", "members.change_user", "safety.moderate", "auth.change_group"):
        assert not editor.has_perm(permission)


def test_moderators_read_reports_and_have_no_business_in_the_page_tree(moderator):
    article = ArticleFactory()

    assert moderator.has_perm("safety.moderate")
    assert not moderator.has_perm("core.change_subject")
    may = article.permissions_for_user(moderator)
    assert [may.can_edit(), may.can_publish(), may.can_delete(), may.can_lock()] == [False] * 4


def test_a_page_can_be_sent_round_for_a_second_pair_of_eyes(editor):
    article = ArticleFactory()

    workflow = article.get_workflow()

    assert workflow.name == "Read by another editor"
    assert list(workflow.tasks[0].specific.groups.values_list("name", flat=True)) == ["Editors"]
    assert Workflow.objects.filter(active=True).count() == 1


def test_the_tree_is_closed():
    models = [HomePage, ArticleIndexPage, ArticlePage, StandardPage, CeIndexPage, CeListingPage]
    for model in models:
        assert model.parent_page_types is not None
        assert model.subpage_types is not None
        assert model.allowed_http_methods == ["GET", "HEAD", "OPTIONS"]
        assert model.private_page_options == []


def test_a_member_is_chosen_by_name_and_shows_no_address(client, editor):
    UserFactory(display_name="Ngozi Adeyemi", email="ngozi@example.org")
    UserFactory(display_name="Ngozi Lapsed", lapsed=True)
    client.force_login(editor)

    found = client.get("/admin/person_chooser/results/?q=ngozi").content.decode()
    by_address = client.get("/admin/person_chooser/results/?q=example.org").content.decode()

    assert "Ngozi Adeyemi" in found
    assert "Ngozi Lapsed" not in found
    assert "ngozi@example.org" not in found
    assert "Ngozi" not in by_address


def test_a_new_site_shows_its_first_steps_until_all_are_done(client, db, monkeypatch):
    monkeypatch.setattr(first_steps, "_steps", [step for step in first_steps._steps if step.order in (10, 50, 60)])
    client.force_login(UserFactory(superuser=True))

    before = client.get("/admin/").content.decode()
    Association.objects.create(site=Site.objects.get(is_default_site=True), name="Wayside")
    ArticleFactory()
    halfway = client.get("/admin/").content.decode()
    ListingFactory()
    after = client.get("/admin/").content.decode()

    assert "First steps" in before
    assert "Give the association its name" in before
    assert "<s>Publish a first article</s>" in halfway
    assert "First steps" not in after


def test_the_edit_link_is_there_for_editors_only(client, editor):
    article = ArticleFactory(slug="seen")
    link = f"/admin/pages/{article.pk}/edit/"

    assert link not in client.get("/articles/seen/").content.decode()
    client.force_login(UserFactory())
    assert link not in client.get("/articles/seen/").content.decode()
    client.force_login(editor)
    assert link in client.get("/articles/seen/").content.decode()


def test_topics_are_kept_by_editors(client, editor):
    client.force_login(editor)

    response = client.post("/admin/snippets/core/subject/add/", {"name": "Grief", "slug": "grief"})

    assert response.status_code == 302
    assert Subject.objects.filter(slug="grief").exists()


def test_scheduled_articles_are_published_by_a_job(client, db):
    article = ArticleFactory(slug="later")
    article.unpublish()
    article.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = article.save_revision()
    revision.approved_go_live_at = article.go_live_at
    revision.save()

    publish_scheduled.func(timestamp=0)

    assert ArticlePage.objects.get(slug="later").live
