"""A post is removed by its author, or hidden by whoever looks after the place, and put back: by whom, where, and what
everybody else sees."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.discussions import counters, forums, moderation, posting
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from community.notices.models import Mail
from core.models import AuditEntry
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory, as_moderator

PLACES = ["world", "members", "practitioners", "group"]
PEOPLE = ["visitor", "applicant", "lapsed", "member", "author", "staff", "moderator", "facilitator", "superuser"]
EVERYWHERE = set(PLACES)
OUTSIDE = {"world", "members", "practitioners"}
# Where each may do what; all others nowhere. The superuser here is a practitioner, and in no group.
MAY = {
    "remove": {"author": EVERYWHERE},
    "hide": {"moderator": OUTSIDE, "superuser": OUTSIDE, "facilitator": {"group"}},
    "amend": {"moderator": OUTSIDE, "superuser": OUTSIDE, "facilitator": {"group"}},
    "split": {"moderator": OUTSIDE, "superuser": OUTSIDE, "facilitator": {"group"}},
    "details": {"author": EVERYWHERE, "moderator": OUTSIDE, "superuser": OUTSIDE, "facilitator": {"group"}},
    "history": {"author": EVERYWHERE, "moderator": OUTSIDE, "superuser": OUTSIDE, "facilitator": {"group"}},
}
TYPED = {"reason": "It is too close to somebody.", "body": "Milder.", "based_on": 0, "subject": "Elsewhere"}
TYPED |= {"extent": "all"}


def no_difference() -> bool:
    return not list(counters.differences())


@pytest.fixture
def group(db):
    return GroupFactory(hidden=True)


@pytest.fixture
def people(group):
    """The author is inside of the group, and so is the one who leads it; nobody else."""
    people = {
        "visitor": None,
        "applicant": UserFactory(applicant=True),
        "lapsed": as_moderator(UserFactory(lapsed=True, licence_checked_on=timezone.localdate())),
        "member": UserFactory(practitioner=True),
        "author": UserFactory(practitioner=True),
        "staff": UserFactory(staff=True, practitioner=True),
        "moderator": as_moderator(UserFactory(practitioner=True)),
        "facilitator": UserFactory(practitioner=True),
        "superuser": UserFactory(superuser=True, practitioner=True),
    }
    MembershipFactory(group=group, user=people["author"])
    MembershipFactory(group=group, user=people["facilitator"], facilitator=True)
    return people


@pytest.fixture
def posts(group, people):
    """One answer of the author in each place, in a topic of the one who leads the group."""
    homes = {name: make_forum(audience=name) for name in PLACES[:3]} | {"group": forums.forum_for_group(group)}
    topics = {name: make_topic(home, by=people["facilitator"]) for name, home in homes.items()}
    return {name: posting.reply(topic, by=people["author"], body="Words.") for name, topic in topics.items()}


@pytest.fixture
def as_person(client, people):
    def login(name):
        if people[name] is not None:
            client.force_login(people[name])
        return client

    return login


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("action", MAY)
def test_who_does_what_where(as_person, posts, action, person, place):
    client, post = as_person(person), posts[place]
    allowed = place in MAY[action].get(person, ())
    refused = 302 if person == "visitor" else 404
    url = f"/discussions/post/{post.pk}/{action}/"

    shown = client.get(url).status_code
    sent = client.post(url, TYPED | {"posts": [post.pk]})

    assert shown == (200 if allowed else refused)
    if action == "history":
        assert sent.status_code == 405 if allowed or person != "visitor" else 302
        return
    assert sent.status_code == ((200 if action == "details" else 302) if allowed else refused)
    if person == "visitor":
        assert sent["Location"].startswith("/accounts/login/")
    now = Post.objects.select_related("topic").get(pk=post.pk)
    changed = (now.approved, now.content, now.topic_id) != (True, "Words.", post.topic_id)
    assert changed is allowed


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("person", PEOPLE)
def test_the_functions_refuse_what_the_pages_refuse(people, posts, person, place):
    user, post = people[person] or AnonymousUser(), posts[place]

    for action, do in {
        "remove": lambda: moderation.remove(post, by=user),
        "hide": lambda: moderation.hide(post, by=user, reason="Because."),
    }.items():
        if place in MAY[action].get(person, ()):
            do()
            return
        with pytest.raises(DiscussionRefused):
            do()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("person", ["member", "author", "moderator", "facilitator"])
def test_the_menu_offers_what_one_may(as_person, posts, person, place):
    html = as_person(person).get(posts[place].topic.get_absolute_url())
    if html.status_code == 404:
        assert (person, place) in {("member", "group"), ("moderator", "group")}
        return

    html = html.content.decode()
    for action in MAY:
        if action != "history":  # nothing was changed yet
            offered = f"/discussions/post/{posts[place].pk}/{action}/" in html
            assert offered is (place in MAY[action].get(person, ())), action


@pytest.mark.parametrize("place", ["members", "group"])
def test_losing_it_counts_on_the_next_request(client, group, people, posts, place):
    person = people["facilitator" if place == "group" else "moderator"]
    url = f"/discussions/post/{posts[place].pk}/hide/"
    client.force_login(person)
    before = client.get(url).status_code

    if place == "group":
        group.memberships.filter(user=person).update(role="member")
    else:
        person.user_permissions.clear()

    assert (before, client.get(url).status_code) == (200, 404)
    assert client.post(url, {"reason": "Because."}).status_code == 404
    assert Post.objects.get(pk=posts[place].pk).approved


def test_an_archived_group_keeps_its_shape_but_not_its_slips(client, group, people, posts):
    type(group).objects.filter(pk=group.pk).update(archived_at=timezone.now())
    client.force_login(people["facilitator"])

    statuses = {
        action: client.get(f"/discussions/post/{posts['group'].pk}/{action}/").status_code
        for action in ("hide", "amend", "split", "details")
    }

    assert statuses == {"hide": 200, "amend": 404, "split": 404, "details": 200}


def test_removed_by_its_author_its_place_says_so(client, posts, people):
    post = posts["members"]
    posting.reply(post.topic, by=people["member"], body="After it.")
    client.force_login(people["author"])

    client.post(f"/discussions/post/{post.pk}/remove/")

    client.force_login(people["member"])
    html = client.get(post.topic.get_absolute_url()).content.decode()
    assert "Removed by its author" in html
    assert "After it." in html
    assert "Words." not in html.replace("own words", "")
    assert Forum.objects.get(pk=post.topic.forum_id).direct_posts_count == 2
    assert no_difference()


def test_the_first_post_keeps_an_answered_topic_standing(client, people, posts):
    topic = posts["members"].topic
    first = topic.posts.get(position=1)
    client.force_login(people["facilitator"])

    answer = client.post(f"/discussions/post/{first.pk}/remove/")

    html = client.get(answer["Location"], follow=True).content.decode()
    assert "Removed by its author" in html
    assert "Words." in html
    assert no_difference()


def test_an_unanswered_topic_goes_with_its_first_post_and_comes_back(client, db):
    topic = make_topic()
    client.force_login(topic.poster)

    gone = client.post(f"/discussions/post/{topic.first_post_id}/remove/")
    is_gone = client.get(topic.get_absolute_url()).status_code
    offered = client.get("/discussions/removed/").content.decode()
    client.post(f"/discussions/post/{topic.first_post_id}/restore/")

    assert gone["Location"] == topic.forum.get_absolute_url()
    assert is_gone == 404
    assert f"/discussions/post/{topic.first_post_id}/restore/" in offered
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert no_difference()


def test_a_moderator_says_why_and_the_author_hears_it(client, people, posts, mailoutbox, run_jobs):
    post = posts["members"]
    run_jobs()
    mailoutbox.clear()
    client.force_login(people["moderator"])

    client.post(f"/discussions/post/{post.pk}/hide/", {"reason": "It names a clinic."})
    run_jobs()

    html = client.get(post.topic.get_absolute_url()).content.decode()
    assert "Removed by a moderator" in html
    [letter] = [letter for letter in mailoutbox if letter.to == [people["author"].email]]
    assert "It names a clinic." in letter.body
    row = AuditEntry.objects.get(action="discussions.post.hidden")
    assert (row.actor_id, row.person_id, row.target_id) == (people["moderator"].pk, people["author"].pk, post.pk)
    assert no_difference()


def test_in_a_group_the_row_is_not_by_staff_and_the_letter_has_no_reason(people, posts, run_jobs, mailoutbox):
    moderation.hide(posts["group"], by=people["facilitator"], reason="Brackenmoor is named.")
    run_jobs()

    assert AuditEntry.objects.filter(action="discussions.post.hidden.inside").count() == 1
    assert all("Brackenmoor" not in letter.body for letter in mailoutbox)


@pytest.mark.parametrize("whole", [True, False])
def test_a_moderator_hides_the_first_post_or_the_whole_conversation(client, people, posts, whole):
    topic = posts["members"].topic
    first = topic.posts.get(position=1)
    client.force_login(people["moderator"])

    answer = client.post(
        f"/discussions/post/{first.pk}/hide/", {"reason": "Because.", "whole": "yes" if whole else "no"}
    )

    assert answer.status_code == 302
    assert client.get(topic.get_absolute_url()).status_code == (404 if whole else 200)
    assert Forum.objects.get(pk=topic.forum_id).direct_posts_count == (0 if whole else 1)
    assert no_difference()
    moderation.restore(first, by=people["moderator"], reason="On second thought.")
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert Forum.objects.get(pk=topic.forum_id).direct_posts_count == 2
    assert no_difference()


def test_nobody_judges_their_own_words(people, posts):
    """A moderator whose post was hidden by another one can't put it back, nor hide it with a moderator's word."""
    moderator, other = people["moderator"], people["superuser"]
    post = posting.reply(posts["members"].topic, by=moderator, body="Mine.")

    with pytest.raises(DiscussionRefused):
        moderation.hide(post, by=moderator, reason="Because.")
    moderation.hide(post, by=other, reason="Because.")
    with pytest.raises(DiscussionRefused):
        moderation.restore(post, by=moderator, reason="Because.")

    assert list(moderation.restorable(moderator)) == []
    assert list(moderation.restorable(other)) == [post]


def test_what_its_author_removed_no_moderator_puts_back(people, posts):
    moderation.remove(posts["members"], by=people["author"])

    with pytest.raises(DiscussionRefused):
        moderation.restore(posts["members"], by=people["moderator"], reason="Because.")


def test_twice_changes_nothing(people, posts):
    for _twice in range(2):
        moderation.hide(posts["members"], by=people["moderator"], reason="Because.")
    moderation.remove(posts["members"], by=people["author"])

    assert Post.objects.get(pk=posts["members"].pk).removed == "moderator"
    assert AuditEntry.objects.filter(action__startswith="discussions.").count() == 1
    assert no_difference()


def test_whoever_wrote_most_counts_what_is_read(people, posts):
    mark = TopicMark.objects.filter(topic=posts["members"].topic, user=people["author"])

    moderation.hide(posts["members"], by=people["moderator"], reason="Because.")
    hidden = mark.get().posts_count
    moderation.restore(posts["members"], by=people["moderator"], reason="It was right.")

    assert (hidden, mark.get().posts_count) == (0, 1)


@pytest.mark.parametrize("reason", ["", "  \n ", "\u202e", "x" * 501])
def test_a_reason_is_asked_for_beside_the_field(client, people, posts, reason):
    client.force_login(people["moderator"])

    answer = client.post(f"/discussions/post/{posts['members'].pk}/hide/", {"reason": reason})

    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    assert Post.objects.get(pk=posts["members"].pk).approved


@pytest.mark.parametrize("action", [*MAY, "restore", "approve"])
def test_what_never_was_is_not_there(client, people, action):
    client.force_login(people["moderator"])

    for number in ("999999", "9" * 30):
        assert client.get(f"/discussions/post/{number}/{action}/").status_code == 404


@pytest.mark.parametrize("person", ["member", "author", "moderator", "facilitator"])
def test_the_list_of_what_is_removed_shows_each_their_own(client, people, posts, person):
    for place, hider in (("members", "moderator"), ("group", "facilitator")):
        moderation.hide(posts[place], by=people[hider], reason="Because.")
    moderation.remove(posts["world"], by=people["author"])
    client.force_login(people[person])

    shown = {post.pk for post in client.get("/discussions/removed/").context["posts"]}

    expected = {"author": {"world"}, "moderator": {"members"}, "facilitator": {"group"}}.get(person, set())
    assert shown == {posts[place].pk for place in expected}


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_for_one_and_twenty(client, people, django_assert_num_queries, number):
    for _number in range(number):
        moderation.hide(make_topic().first_post, by=people["moderator"], reason="Because.")
    client.force_login(people["moderator"])
    client.get("/discussions/removed/")

    with django_assert_num_queries(6):
        assert len(client.get("/discussions/removed/").context["posts"]) == number


def test_an_account_that_goes_leaves_the_posts_of_others_alone(people, posts):
    """Its own posts stand; the row can't be deleted while they do."""
    author, before = people["author"], Post.objects.count()
    posting.reply(posts["members"].topic, by=people["member"], body="An answer to it.", quoting=posts["members"])

    with pytest.raises(Exception, match="protected foreign keys"):
        User.objects.filter(pk=author.pk).delete()
    User.objects.filter(pk=author.pk).update(is_active=False, display_name="Gone")

    assert Post.objects.count() == before + 1
    assert Post.objects.filter(approved=True).count() == before + 1
    assert no_difference()


def test_the_letters_that_told_of_a_removed_post_stay_home(people, posts, run_jobs, mailoutbox):
    """Followers are told of the answer; it is removed before the letter goes."""
    post = posts["members"]
    moderation.remove(post, by=people["author"])

    run_jobs()

    assert all(post.get_absolute_url() not in letter.body for letter in mailoutbox)
    assert not Mail.objects.filter(target_id=post.pk, kind="reply", state="sent").exists()


def test_a_hidden_topic_s_other_posts_are_not_counted_twice(people, posts):
    topic = posts["members"].topic
    moderation.hide(topic.posts.get(position=1), by=people["moderator"], reason="Because.", whole=True)

    moderation.hide(posts["members"], by=people["moderator"], reason="Because.")
    hidden = no_difference()
    moderation.restore(topic.posts.get(position=1), by=people["moderator"], reason="Because.")

    assert hidden
    assert no_difference()
    assert Topic.objects.get(pk=topic.pk).last_post.position == 1
