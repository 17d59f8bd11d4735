"""What moderators keep about a post, quoting it, loses the words that are removed from the post for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import moderation, purging, records
from community.safety import appeals, notes, reports, sanctions
from community.safety.models import Appeal, Decision, Note, Report, Sanction
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory, as_moderator
from racing import all_at_once

SAID = "My client Ana Ruiz lives at the corner of Lindisquay and Umberwick, call 614-555-0134."
QUOTED = "He wrote: lives at the corner of Lindisquay and Umberwick. Please act."
LEFT = "He wrote: [removed]. Please act."


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def mo(db):
    return as_moderator(UserFactory(practitioner=True))


@pytest.fixture
def topic(author):
    return make_topic(make_forum(), by=author, body=SAID, replies=1)


@pytest.fixture
def kept(topic, author, mo):
    """Words of all who speak about the post, each with a quote of it."""
    judge, post, answer = as_moderator(UserFactory()), topic.first_post, topic.last_post
    made = reports.report("post", post.pk, by=UserFactory(), reason="client", words=QUOTED)
    shown = reports.report("post", answer.pk, by=UserFactory(), reason="harm", words=QUOTED, beside=[f"post-{post.pk}"])
    reports.report("member", author.pk, by=UserFactory(), reason="harm", words=QUOTED)
    reports.close(made, by=mo, outcome="left", answer=QUOTED)
    moderation.close(topic, by=mo, reason=QUOTED)
    asked = appeals.appeal(Decision.objects.get(), by=author, words=QUOTED)
    appeals.close(asked, by=judge, outcome="upheld", words=QUOTED)
    notes.write("post", post.pk, by=mo, words=QUOTED)
    notes.write("member", author.pk, by=mo, words=QUOTED)
    sanctions.impose(author, "warn", by=mo, words=QUOTED)
    return shown


def all_words(*, of_author: bool) -> list[str]:
    found = [*Report.objects.exclude(kind="member").values_list("words", flat=True)]
    found += Report.objects.exclude(answer="").values_list("answer", flat=True)
    found += Decision.objects.exclude(kind="member").exclude(action__endswith="purged").values_list("words", flat=True)
    found += [words for row in Appeal.objects.values_list("words", "answer") for words in row]
    found += Note.objects.exclude(kind="member").values_list("words", flat=True)
    if of_author:
        found = [*Report.objects.filter(kind="member").values_list("words", flat=True)]
        found += Decision.objects.filter(kind="member").values_list("words", flat=True)
        found += Note.objects.filter(kind="member").values_list("words", flat=True)
        found += Sanction.objects.values_list("words", flat=True)
    return found


def test_a_whole_post_goes_with_what_was_quoted_of_it(topic, kept, mo):
    purging.purge(topic.first_post, by=mo, reason="Client details.")

    assert all_words(of_author=False) == [LEFT] * 7
    assert all_words(of_author=True) == [LEFT] * 4


def test_a_phrase_goes_from_there_too(topic, kept, mo):
    purging.purge(topic.first_post, by=mo, phrases=["Lindisquay"], reason="Client details.")

    words = [*all_words(of_author=False), *all_words(of_author=True)]
    assert words == ["He wrote: lives at the corner of [removed] and Umberwick. Please act."] * 11


@pytest.mark.parametrize("phrases", [(), ["Lindisquay"]])
def test_authors_do_not_choose_what_others_noted_about_them(topic, kept, author, phrases):
    purging.purge(topic.first_post, by=author, phrases=phrases)

    assert all_words(of_author=True) == [QUOTED] * 4
    assert not any("Lindisquay" in words for words in all_words(of_author=False))


@pytest.mark.parametrize("with_the_neighbours", [False, True])
def test_of_what_others_wrote_only_words_go_that_the_post_holds(topic, author, with_the_neighbours):
    about = topic.last_post_id if with_the_neighbours else topic.first_post_id
    made = reports.report("post", about, by=UserFactory(), reason="harm", words="He harassed me in Lindisquay.")

    purging.purge(topic.first_post, by=author, phrases=["Lindisquay", "harassed"])

    made.refresh_from_db()
    assert made.words == "He harassed me in [removed]."


def test_closed_reports_about_its_neighbours_lose_the_words_too(topic, mo):
    post, answer = topic.first_post, topic.last_post
    made = reports.report("post", answer.pk, by=UserFactory(), reason="harm", words=QUOTED, beside=[f"post-{post.pk}"])
    reports.close(made, by=mo, outcome="left", answer=QUOTED)

    purging.purge(post, by=mo, reason="Client details.")

    made.refresh_from_db()
    assert (made.words, made.answer) == (LEFT, LEFT)


def test_what_is_about_other_posts_stays(topic, kept, mo):
    other = make_topic(topic.forum)
    notes.write("post", other.first_post_id, by=mo, words=QUOTED)

    purging.purge(topic.first_post, by=mo, reason="Client details.")

    assert Note.objects.get(target_id=other.first_post_id, kind="post").words == QUOTED


def _purge(post_id: int, by_id: int) -> str:
    people = UserFactory._meta.model.objects
    post = records.Post.objects.select_related("topic").get(pk=post_id)
    purging.purge(post, by=people.get(pk=by_id), reason="Client details.")
    return "purged"


def _close(report_id: int, by_id: int) -> str:
    made = Report.objects.get(pk=report_id)
    reports.close(made, by=UserFactory._meta.model.objects.get(pk=by_id), outcome="hidden", reason=QUOTED)
    return "hidden"


def test_purging_and_deciding_at_once_wait_for_each_other(fresh_database):
    mo, forum = as_moderator(UserFactory()), make_forum()
    for _round in range(6):
        post = make_topic(forum, body=SAID).first_post
        made = reports.report("post", post.pk, by=UserFactory(practitioner=True), reason="client", words=QUOTED)
        Report.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(days=2))

        answers = all_at_once([(_purge, post.pk, mo.pk), (_close, made.pk, mo.pk)], refusals=())

        assert sorted(answers) == ["hidden", "purged"]
        assert Report.objects.get(pk=made.pk).words == LEFT
