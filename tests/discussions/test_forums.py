import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from community.discussions import forums
from community.discussions.models import Forum
from community.discussions.refusals import DiscussionRefused
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

WIDER = [("practitioners", "members"), ("practitioners", "world"), ("members", "world")]
NARROWER = [(wide, narrow) for narrow, wide in WIDER]


@pytest.mark.parametrize(
    "slug", ["Old List", "a/b", "\u00e4", "x" * 101, "old-list\n", "search", "Search", "g-lake", "G-lake"]
)
def test_a_forum_is_not_made_where_nothing_could_lead_to_it(db, slug):
    with pytest.raises(DiscussionRefused, match=r"letters from a to z|kept for something else"):
        forums.create_forum("Old list", slug=slug)

    assert not Forum.objects.exists()


def test_the_addresses_of_other_pages_are_all_reserved():
    """A forum at one of them could never be opened."""
    [below] = [each for each in get_resolver().url_patterns if str(each.pattern) == "discussions/"]
    first = {str(each.pattern).partition("/")[0] for each in below.url_patterns}

    assert {each for each in first if each and "<" not in each} <= forums.RESERVED


@pytest.mark.parametrize(("before", "after"), WIDER)
def test_what_was_written_for_fewer_is_not_opened_to_more(db, before, after):
    forum = make_topic(make_forum(audience=before)).forum

    with pytest.raises(DiscussionRefused, match="written for fewer people"):
        forums.change_audience(forum, after)

    assert Forum.objects.get(pk=forum.pk).audience == before


@pytest.mark.parametrize(("before", "after"), WIDER + NARROWER)
def test_an_empty_forum_may_change_its_audience(db, before, after):
    forum = make_forum(audience=before)

    forums.change_audience(forum, after)

    assert Forum.objects.get(pk=forum.pk).audience == after


@pytest.mark.parametrize(("before", "after"), NARROWER)
def test_a_forum_may_be_narrowed_at_any_time(db, before, after):
    forum = make_topic(make_forum(audience=before)).forum

    forums.change_audience(forum, after)

    assert Forum.objects.get(pk=forum.pk).audience == after


def test_a_groups_forum_stays_with_the_group(db):
    forum = forums.forum_for_group(GroupFactory())

    for audience in ("world", "members", "practitioners"):
        with pytest.raises(DiscussionRefused, match="stays within the group"):
            forums.change_audience(forum, audience)
    with pytest.raises(DiscussionRefused):
        forums.change_audience(make_forum(), "group")


def test_a_group_has_one_forum_under_its_own_name(db):
    group = GroupFactory(name="Thursday", slug="thursday")

    first = forums.forum_for_group(group)
    group.name = "Friday"
    again = forums.forum_for_group(group)

    assert (again.pk, again.name, again.slug) == (first.pk, "Friday", "g-thursday")
    with pytest.raises(IntegrityError), transaction.atomic():
        Forum.objects.create(type=0, name="x", slug="x", audience="group", group=group)


def test_a_taken_address_says_nothing_about_a_hidden_group(db):
    forums.forum_for_group(GroupFactory(hidden=True, slug="thursday"))

    assert make_forum("Thursday").slug == "thursday"
    with pytest.raises(DiscussionRefused, match="kept for something else"):
        make_forum(slug="g-thursday")
    with pytest.raises(DiscussionRefused, match="kept for something else"):
        make_forum(slug="g-friday")


@pytest.mark.parametrize("slug", ["post", "group", "unfollow"])
def test_addresses_that_the_site_needs_are_kept(db, slug):
    with pytest.raises(DiscussionRefused):
        make_forum(slug=slug)

    assert make_forum(slug.title()).slug == f"forum-{slug}"


def test_forums_of_one_name_have_different_addresses(db):
    assert [make_forum("Trauma").slug for _forum in range(3)] == ["trauma", "trauma-2", "trauma-3"]
    with pytest.raises(DiscussionRefused, match="Another forum"):
        make_forum(slug="trauma")


def test_categories_are_made_once_and_keep_their_forums_together(client, db):
    for name, category in [("A", "Practice"), ("B", "Learning"), ("C", "practice"), ("D", "")]:
        make_forum(name, category=category, audience="world")

    categories = client.get("/discussions/").context["categories"]

    shown = [(category, [forum.name for forum in rows]) for category, rows in categories]
    assert shown == [("Practice", ["A", "C"]), ("Learning", ["B"]), (None, ["D"])]


def test_a_category_is_no_place_to_write_or_read(client, db):
    category = make_forum(category="Practice", audience="world").parent
    client.force_login(UserFactory())

    assert client.get(category.get_absolute_url()).status_code == 404
    with pytest.raises(DiscussionRefused):
        make_topic(category)


@pytest.fixture
def staff(client, db):
    user = UserFactory(staff=True)
    wanted = ["add_forum", "change_forum", "delete_forum", "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return client


def test_staff_make_and_change_forums_in_the_admin(staff):
    made = staff.post(
        "/admin/forums/new/", {"name": "Trauma", "description": "Pacing", "category": "Practice", "audience": "members"}
    )
    forum = Forum.objects.get(slug="trauma")
    changed = staff.post(
        f"/admin/forums/edit/{forum.pk}/",
        {"name": "Trauma work", "description": "", "category": "Methods", "audience": "practitioners"},
    )

    assert (made.status_code, changed.status_code) == (302, 302)
    forum.refresh_from_db()
    assert (forum.name, forum.slug, forum.audience, forum.parent.name) == (
        "Trauma work",
        "trauma",
        "practitioners",
        "Methods",
    )
    assert "Trauma work" in staff.get("/admin/forums/").content.decode()


def test_the_admin_refuses_to_widen_and_says_why(staff):
    forum = make_topic(make_forum(audience="practitioners")).forum

    response = staff.post(
        f"/admin/forums/edit/{forum.pk}/", {"name": forum.name, "description": "", "category": "", "audience": "world"}
    )

    assert response.status_code == 200
    assert "written for fewer people" in response.content.decode()
    assert Forum.objects.get(pk=forum.pk).audience == "practitioners"


def test_the_admin_does_not_know_groups_forums(staff):
    group = GroupFactory(hidden=True, name="Hidden Canary")
    forum = forums.forum_for_group(group)

    assert "Hidden Canary" not in staff.get("/admin/forums/").content.decode()
    for path in ("edit", "delete", "history", "usage"):
        assert staff.get(f"/admin/forums/{path}/{forum.pk}/").status_code == 404


def test_a_forum_with_words_is_not_deleted(staff):
    forum = make_topic().forum

    empty = make_forum()

    kept = staff.post(f"/admin/forums/delete/{forum.pk}/", follow=True)
    gone = staff.post(f"/admin/forums/delete/{empty.pk}/")

    assert "Colleagues have written in this forum" in kept.content.decode()
    assert (kept.status_code, gone.status_code) == (200, 302)
    assert [row.pk for row in Forum.objects.places()] == [forum.pk]


def test_the_threads_of_a_group_stand_on_its_page_for_those_inside(rf, db):
    from django.template import Context, Template

    group, insider = GroupFactory(), UserFactory()
    MembershipFactory(group=group, user=insider)
    make_topic(forums.forum_for_group(group), by=insider, subject="Between us")
    template = Template("{% load discussions %}{% group_threads group user %}")

    inside, outside = (
        template.render(Context({"group": group, "user": user})) for user in (insider, UserFactory(superuser=True))
    )

    assert "Between us" in inside
    assert outside.strip() == ""
