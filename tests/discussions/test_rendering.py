"""Stored HTML is of the renderer that made it, and is made anew when that has changed."""

from itertools import islice

from django.core.management import call_command

from community.discussions import posting, rendering
from community.discussions.models import Post
from core import markdown
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


def grow_old(posts, html="<p>old</p>"):
    posts.update(renderer=0, content_html=html)


def test_posts_of_an_older_renderer_are_rendered_anew(db, capsys):
    topic = make_topic(replies=2, body="*So.*")
    grow_old(Post.objects.filter(position__in=[1, 2]))

    call_command("rerender")
    first = capsys.readouterr().out
    call_command("rerender")

    assert "2 posts are rendered anew." in first
    assert "Every post is of today's renderer." in capsys.readouterr().out
    html = list(topic.posts.order_by("position").values_list("content_html", flat=True))
    assert html == ["<p><em>So.</em></p>\n", "<p>Reply number 1.</p>\n", "<p>Reply number 2.</p>\n"]
    assert not Post.objects.exclude(renderer=markdown.VERSION).exists()


def test_a_name_that_was_called_still_leads_to_its_person(db):
    ada = UserFactory(display_name="Ada Example")
    topic = make_topic(make_forum(), body="@Ada Example, how?")
    before = topic.first_post.content_html
    grow_old(Post.objects.all())
    ada.display_name = "Ada Other"
    ada.save()

    list(rendering.render_all_again())

    assert topic.posts.get().content_html == before
    assert f'href="/people/{ada.pk}/"' in before


def test_it_goes_on_where_it_stopped(db, monkeypatch):
    monkeypatch.setattr(rendering, "AT_ONCE", 2)
    make_topic(replies=4)
    grow_old(Post.objects.all())

    stopped = list(islice(rendering.render_all_again(), 1))
    rest = list(rendering.render_all_again())

    assert (stopped, rest) == ([2], [2, 1])


def test_who_changes_a_post_meanwhile_is_not_overwritten(db):
    topic = make_topic(body="before")
    grow_old(Post.objects.all())
    read = Post.objects.only("content", "renderer").get()
    posting.edit_post(topic.first_post, by=topic.poster, body="after", based_on=0)

    assert rendering._render_again(read) == 0
    assert Post.objects.get().content_html == "<p>after</p>\n"


def test_the_number_of_queries_is_that_of_the_posts(db, django_assert_num_queries):
    """One for what a post calls, one for its row; and one for each few posts."""
    make_topic(replies=1)
    grow_old(Post.objects.all())
    with django_assert_num_queries(2 + 2 * 2):
        list(rendering.render_all_again())
    make_topic(replies=19)
    grow_old(Post.objects.filter(topic__posts_count=20))
    with django_assert_num_queries(2 + 2 * 20):
        list(rendering.render_all_again())
