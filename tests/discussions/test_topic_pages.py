import pytest

from community.discussions import forums, moderation, posting, topic_pages
from community.discussions.models import Post, Topic, TopicMark
from core.errors import MAX_WORDS
from factories.discussions import fill, make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def member(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def logged_in(client, member):
    client.force_login(member)
    return client


def test_a_topic_is_read_in_pages_of_twenty(logged_in):
    topic = make_topic()
    fill(topic, 45)

    first, third = (logged_in.get(topic.get_absolute_url(), {"page": n}).content.decode() for n in (1, 3))

    assert "no. 20." in first
    assert "no. 21." not in first
    assert "no. 40." not in third
    assert "no. 45." in third
    assert 'name="body"' not in first  # one answers at the end; here is the way to it
    assert f'href="{topic.get_absolute_url()}reply/"' in first
    assert 'name="body"' in third


@pytest.mark.parametrize(("position", "place"), [(1, "#"), (20, "#"), (21, "?page=2#"), (45, "?page=3#")])
def test_a_permalink_leads_to_the_page_of_its_post(logged_in, position, place):
    topic = make_topic()
    fill(topic, 45)
    post = topic.posts.get(position=position)

    response = logged_in.get(post.get_absolute_url())

    assert response["Location"] == f"{topic.get_absolute_url()}{place}post-{post.pk}"


@pytest.mark.parametrize("posts", [1, 20, 45])
@pytest.mark.parametrize("others", [0, 50])
def test_the_queries_of_a_topic_page(logged_in, django_assert_num_queries, posts, others):
    """Session, person, the association; topic with forum and marks, posts with posters, colleagues, what waits for a
    reply, and the read mark."""
    topic = make_topic()
    fill(topic, posts)
    for _forum in range(others):
        make_forum()
    url = f"{topic.get_absolute_url()}?page={(posts - 1) // 20 + 1}"
    logged_in.get("/discussions/")

    with django_assert_num_queries(8):
        logged_in.get(url)


def test_the_queries_of_a_visitor(client, db, django_assert_num_queries):
    topic = make_topic(make_forum(audience="world"))
    fill(topic, 20)
    url = topic.get_absolute_url()

    with django_assert_num_queries(4):
        client.get(url)


def test_the_queries_in_a_group(logged_in, member, django_assert_num_queries):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, user=member)
    topic = make_topic(forums.forum_for_group(group), by=member)

    with django_assert_num_queries(10):  # two more: whether one is still inside, to write; and who reads it
        logged_in.get(topic.get_absolute_url())


@pytest.mark.parametrize("topics", [1, 20])
def test_the_queries_of_a_topic_list(logged_in, django_assert_num_queries, topics):
    """Session, person, the association; forum, topics, the vocabulary, and what waits for a reply."""
    forum = make_forum()
    for _topic in range(topics):
        make_topic(forum, replies=1)

    with django_assert_num_queries(7):
        logged_in.get(forum.get_absolute_url())


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_of_the_forum_list(logged_in, member, django_assert_num_queries, count):
    for number in range(count):
        make_topic(make_forum(category=f"Category {number % 3}"))
        group = GroupFactory()
        MembershipFactory(group=group, user=member)
        make_topic(forums.forum_for_group(group), by=MembershipFactory(group=group).user)

    with django_assert_num_queries(5):
        logged_in.get("/discussions/")


def test_a_topic_list_is_walked_page_by_page_and_back(logged_in, monkeypatch):
    monkeypatch.setattr(topic_pages, "TOPICS_A_PAGE", 3)
    forum = make_forum()
    topics = [make_topic(forum) for _topic in range(8)][::-1]
    moment = topics[3].last_post_on
    Topic.objects.filter(pk__in=[topics[2].pk, topics[3].pk]).update(last_post_on=moment)  # a tie over the page's edge

    def walk(url):
        page = logged_in.get(url).context["page"]
        return [topic.pk for topic in page.topics], page

    url = forum.get_absolute_url()
    first, page = walk(url)
    second, page = walk(f"{url}?before={page.older}")
    third, last = walk(f"{url}?before={page.older}")
    back, page = walk(f"{url}?after={last.newer}")
    top, page = walk(f"{url}?after={page.newer}")

    assert first + second + third == [topic.pk for topic in topics]
    assert (back, top) == (second, first)
    assert (last.older, page.newer) == ("", "")


def test_pinned_topics_stand_above_the_first_page_only(logged_in, monkeypatch):
    monkeypatch.setattr(topic_pages, "TOPICS_A_PAGE", 2)
    forum = make_forum()
    pinned, *_others = [make_topic(forum) for _topic in range(5)]
    Topic.objects.filter(pk=pinned.pk).update(type=Topic.TOPIC_STICKY)

    first = logged_in.get(forum.get_absolute_url())
    second = logged_in.get(forum.get_absolute_url(), {"before": first.context["page"].older})

    assert first.context["pinned"] == [pinned]
    assert second.context["pinned"] == []
    assert pinned not in [*first.context["page"].topics, *second.context["page"].topics]


def test_starting_a_topic(logged_in, member):
    forum = make_forum()

    response = logged_in.post(
        f"{forum.get_absolute_url()}new/", {"subject": "Fees", "body": "How?", "written_for": "members"}
    )

    topic = Topic.objects.get()
    assert response["Location"] == topic.get_absolute_url()
    assert (topic.poster, topic.subject) == (member, "Fees")


def test_answering_leads_to_ones_own_words(logged_in, member):
    topic = make_topic(replies=1)

    response = logged_in.post(
        f"{topic.get_absolute_url()}reply/", {"body": "So.", "quoting": topic.first_post_id}, follow=True
    )

    post = Post.objects.get(content="So.")
    assert response.redirect_chain[-1][0] == f"{topic.get_absolute_url()}#post-{post.pk}"
    assert post.quoted_id == topic.first_post_id
    assert "<p>So.</p>" in response.content.decode()


def test_quoting_puts_the_words_into_the_box(logged_in):
    topic = make_topic(body="One line\n\nand another")

    html = logged_in.get(f"{topic.get_absolute_url()}reply/", {"quote": topic.first_post_id}).content.decode()

    assert "&gt; One line\n&gt;\n&gt; and another\n\n</textarea>" in html
    assert f'name="quoting" value="{topic.first_post_id}"' in html


def test_a_quoted_post_that_is_gone_meanwhile_loses_no_words(logged_in):
    topic = make_topic()

    response = logged_in.post(f"{topic.get_absolute_url()}reply/", {"body": "So.", "quoting": 10**9})

    assert response.status_code == 302
    assert Post.objects.get(content="So.").quoted is None


def test_what_was_typed_is_kept_where_it_is_too_long(logged_in):
    topic = make_topic()
    words = "a" * 20_001

    response = logged_in.post(f"{topic.get_absolute_url()}reply/", {"body": words})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "a post holds 20,000" in response.content.decode()


def test_a_topic_that_was_locked_meanwhile_gives_the_words_back(logged_in):
    topic = make_topic()
    Topic.objects.update(status=Topic.TOPIC_LOCKED)

    response = logged_in.post(f"{topic.get_absolute_url()}reply/", {"body": "My long answer"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "closed while you wrote" in html
    assert "My long answer</textarea>" in html


def test_a_topic_that_is_gone_gives_the_words_back(logged_in):
    topic = make_topic()
    Topic.objects.update(approved=False)

    response = logged_in.post(f"{topic.get_absolute_url()}reply/", {"body": "My long answer"})

    assert response.status_code == 404
    assert "My long answer" in response.content.decode()
    assert posting.LONGEST_BODY < MAX_WORDS


def test_a_form_sent_after_the_login_ran_out_gives_the_words_back(client, db):
    topic = make_topic(make_forum(audience="world"))

    response = client.post(f"{topic.get_absolute_url()}reply/", {"body": "My long answer"})

    assert response.status_code == 403
    assert "My long answer" in response.content.decode()


def test_editing_ones_own_post(logged_in, member):
    topic = make_topic(by=member, subject="Fees")
    url = f"{topic.first_post.get_absolute_url()}edit/"

    form = logged_in.get(url).context["form"]
    response = logged_in.post(url, {"subject": "Fees, again", "body": "Now so", "based_on": 0})

    topic.refresh_from_db()
    assert (form.initial["subject"], form.initial["body"]) == ("Fees", "How do you do it?")
    assert response["Location"] == topic.first_post.get_absolute_url()
    assert (topic.subject, topic.first_post.content) == ("Fees, again", "Now so")


def test_an_edit_that_lost_keeps_its_words_and_shows_the_others(logged_in, member):
    topic = make_topic(by=member)
    url = f"{topic.first_post.get_absolute_url()}edit/"
    posting.edit_post(topic.first_post, by=member, body="From the other window", based_on=0)

    response = logged_in.post(url, {"subject": "Fees", "body": "My version", "based_on": 0})
    html = response.content.decode()
    again = logged_in.post(url, {"subject": "Fees", "body": "My version", "based_on": 1})

    assert response.status_code == 409
    assert "My version</textarea>" in html
    assert "<p>From the other window</p>" in html
    assert 'name="based_on" value="1"' in html
    assert again.status_code == 302


def test_a_reply_has_no_subject_to_edit(logged_in, member):
    topic = make_topic()
    post = posting.reply(topic, by=member, body="So.")

    assert "subject" not in logged_in.get(f"{post.get_absolute_url()}edit/").context["form"].fields


def test_following_is_switched_with_and_without_javascript(logged_in, member):
    topic = make_topic()
    url = f"{topic.get_absolute_url()}follow/"

    plain = logged_in.post(url, {"watch": "follow"})
    htmx = logged_in.post(url, {"watch": ""}, headers={"HX-Request": "true"})

    assert plain["Location"] == topic.get_absolute_url()
    assert 'value="follow"' in htmx.content.decode()
    assert "<html" not in htmx.content.decode()
    assert TopicMark.objects.get(topic=topic, user=member).following is False


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("world", "Anybody on the web"),
        ("members", "Members of the association"),
        ("practitioners", "Practitioners whose"),
    ],
)
def test_the_audience_stands_where_one_reads_and_where_one_writes(logged_in, audience, words):
    topic = make_topic(make_forum(audience=audience))

    for url in (
        topic.forum.get_absolute_url(),
        f"{topic.forum.get_absolute_url()}new/",
        f"{topic.get_absolute_url()}reply/",
        topic.get_absolute_url(),
    ):
        assert words in logged_in.get(url).content.decode()


def test_somebody_who_hides_is_not_linked(logged_in):
    hidden = UserFactory(hidden=True, display_name="Hidden Canary")
    topic = make_topic(by=hidden)

    html = logged_in.get(topic.get_absolute_url()).content.decode()

    assert "Hidden Canary" in html
    assert hidden.get_absolute_url() not in html


def test_stored_words_never_carry_a_script(logged_in):
    topic = make_topic(subject="<script>alert(1)</script>", body="<script>alert(2)</script>")

    html = logged_in.get(topic.get_absolute_url()).content.decode()

    assert "<script>alert" not in html


def test_an_answer_says_whose_post_it_answers(logged_in, django_assert_num_queries):
    topic = make_topic(by=UserFactory(display_name="Ada Asker"))
    fill(topic, 20)
    posting.reply(topic, by=UserFactory(), body="To the first one.", quoting=topic.first_post)
    url = f"{topic.get_absolute_url()}?page=2"
    logged_in.get("/discussions/")

    with django_assert_num_queries(9):  # one more: the name of somebody on another page
        html = logged_in.get(url).content.decode()
    assert f'answers <a href="{topic.first_post.get_absolute_url()}">Ada Asker</a>' in html


def test_a_reply_that_was_removed_is_not_counted_as_one_to_read(logged_in):
    topic = make_topic(replies=1)
    reply = topic.posts.get(position=2)
    moderation.remove(reply, by=reply.poster)

    for url in (topic.get_absolute_url(), topic.forum.get_absolute_url()):
        html = logged_in.get(url).content.decode()
        assert "Its reply was removed" in html
        assert "1 reply" not in html
        assert "last reply" not in html


def test_a_topic_of_former_members_counts_no_colleagues(logged_in):
    topic = make_topic(replies=1)
    TopicMark.objects.filter(topic=topic).delete()
    topic.posts.update(poster=None)

    html = logged_in.get(topic.get_absolute_url()).content.decode()

    assert "1 reply" in html
    assert "0 colleagues" not in html


@pytest.mark.parametrize(("audience", "is_shown"), [("world", True), ("members", False)])
def test_the_feed_of_what_everybody_reads_is_linked_in_sight(logged_in, audience, is_shown):
    topic = make_topic(make_forum(audience=audience))

    for url in (topic.get_absolute_url(), topic.forum.get_absolute_url()):
        html = logged_in.get(url).content.decode()
        assert (f'<a class="meta" href="{url}feed/">' in html) == is_shown
