import pytest
from wagtail.models import Site

from community.discussions import composing, forums, places, posting
from community.discussions.models import Post
from core.models import Association
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

PREVIEW = "/discussions/preview/"


@pytest.fixture
def writer(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def topic(db):
    return make_topic(make_forum())


def reply_url(topic) -> str:
    return f"{topic.get_absolute_url()}reply/"


def test_a_preview_is_what_the_post_will_be(client, topic, writer):
    UserFactory(display_name="Maren Aldous")
    client.force_login(writer)
    body = "**So** it is, @Maren Aldous:\n\n- one\n- <script>alert(1)</script>"

    shown = client.post(PREVIEW, {"place": f"topic-{topic.pk}", "body": body}).text
    post = posting.reply(topic, by=writer, body=body)

    assert post.content_html in shown
    assert "<script" not in shown


def test_a_preview_puts_the_boxes_of_a_case_together(client, writer):
    forum = make_forum(audience="practitioners")
    client.force_login(writer)
    boxes = {"kind": "case", "subject": "Stuck", "seeing": "Silence", "tried": "Waiting", "need": "Ideas", "body": ""}

    shown = client.post(PREVIEW, {"place": f"forum-{forum.pk}", **boxes}).text

    assert [word in shown for word in ("Silence", "Waiting", "Ideas", "What I tried")] == [True] * 4


def test_a_preview_of_half_a_form_shows_what_there_is(client, writer):
    forum = make_forum(audience="practitioners")
    client.force_login(writer)

    shown = client.post(PREVIEW, {"place": f"forum-{forum.pk}", "kind": "case", "seeing": "*Silence*"}).text
    empty = client.post(PREVIEW, {"place": f"forum-{forum.pk}"}).text

    assert "<em>Silence</em>" in shown
    assert "nothing here yet" in empty


def test_a_preview_says_which_names_are_unclear(client, topic, writer):
    for _ in range(2):
        UserFactory(display_name="Sam Lee")
    client.force_login(writer)

    assert (
        "More than one colleague is called Sam Lee"
        in client.post(PREVIEW, {"place": f"topic-{topic.pk}", "body": "@Sam Lee"}).text
    )


@pytest.mark.parametrize("body", [">" * 501, "[a](" * 5000, "\x00\u202e", "x" * 60_000])
def test_a_preview_of_nonsense_is_a_page(client, topic, writer, body):
    client.force_login(writer)

    assert client.post(PREVIEW, {"place": f"topic-{topic.pk}", "body": body}).status_code == 200


def test_without_a_script_the_preview_stands_above_all_that_was_typed(client, writer):
    forum = make_forum()
    client.force_login(writer)
    typed = {"subject": "Half a subject", "body": "*So* it is", "kind": "question", "written_for": "members"}

    page = client.post(f"/discussions/{forum.slug}/new/", typed | {"preview": "1"})

    assert page.status_code == 200
    assert "<em>So</em>" in page.text
    assert "*So* it is</textarea>" in page.text
    assert 'value="Half a subject"' in page.text
    assert page.context["form"]["kind"].value() == "question"
    assert not Post.objects.exists()


def test_the_first_button_is_the_one_that_posts(client, topic, writer):
    """Enter in a line of the form presses its first button."""
    client.force_login(writer)

    form = client.get(reply_url(topic)).text.partition('class="form composer')[2]

    assert form.partition("<button")[2].startswith(" hidden></button>")


def test_quoting_gives_the_words_with_their_author(client, topic, writer):
    post = posting.reply(topic, by=UserFactory(display_name="Ann *Star* Lee"), body="One\n\ntwo")
    client.force_login(writer)

    answer = client.get(f"/discussions/post/{post.pk}/quote/")

    assert answer.text == "> **Ann \\*Star\\* Lee:**\n>\n> One\n>\n> two\n\n"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text in client.get(f"{reply_url(topic)}?quote={post.pk}").context["form"]["body"].value()


def test_quoting_is_for_who_may_answer(client, topic, writer):
    group = GroupFactory(consultation=True)
    leader = MembershipFactory(group=group, facilitator=True).user
    inside = make_topic(forums.forum_for_group(group), by=leader)
    client.force_login(writer)

    assert client.get(f"/discussions/post/{inside.first_post_id}/quote/").status_code == 404
    client.force_login(UserFactory(applicant=True))
    world = make_topic(make_forum(audience="world"))
    assert client.get(f"/discussions/post/{world.first_post_id}/quote/").status_code == 404


# Beside a case ------------------------------------------------------------------------------------------------------


def notice_on(client, url) -> str:
    page = client.get(url).text
    return page.partition("case-notice")[2].partition("</aside>")[0]


def test_a_case_composer_says_what_it_is_not(client, writer):
    forum = make_forum(audience="practitioners")
    case = make_topic(forum, by=writer)
    case.__class__.objects.filter(pk=case.pk).update(kind="case")
    client.force_login(writer)

    for url in (f"/discussions/{forum.slug}/new/", reply_url(case), f"/discussions/post/{case.first_post_id}/edit/"):
        notice = notice_on(client, url)
        assert "Nobody watches these conversations round the clock" in notice
        assert "call the emergency number where they are" in notice


def test_the_association_says_it_in_its_own_words(client, writer):
    forum = make_forum(audience="practitioners")
    words = "Our crisis team: **555 0100**. <b>Duties</b> are in the handbook."
    Association.objects.create(site=Site.objects.get(is_default_site=True), case_notice=words)
    client.force_login(writer)

    notice = notice_on(client, f"/discussions/{forum.slug}/new/")

    assert "<strong>555 0100</strong>" in notice
    assert "&lt;b&gt;" in notice
    assert "Nobody watches these conversations round the clock" in notice
    assert "emergency number" not in notice


def test_where_no_case_is_possible_nothing_stands_beside(client, topic, writer):
    client.force_login(writer)

    assert notice_on(client, f"/discussions/{topic.forum.slug}/new/") == ""
    assert notice_on(client, reply_url(topic)) == ""


def test_the_script_is_loaded_where_a_composer_is_and_nowhere_else(client, topic, writer):
    client.force_login(writer)

    assert "js/composer" in client.get(topic.get_absolute_url()).text
    assert "js/composer" not in client.get(topic.forum.get_absolute_url()).text
    client.logout()
    assert "js/composer" not in client.get(make_topic(make_forum(audience="world")).get_absolute_url()).text


def test_opening_a_reply_costs_a_query_and_one_more_with_a_draft(topic, writer, django_assert_num_queries):
    from community.discussions import drafts

    place = places.in_topic(topic)
    composing.opened(place, writer)
    with django_assert_num_queries(1):
        composing.opened(place, writer)
    drafts.save(place, by=writer, body="x", based_on="")
    with django_assert_num_queries(2):
        composing.opened(place, writer)
