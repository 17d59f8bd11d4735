import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.discussions import forums, mentions, posting
from community.discussions.models import Mention
from community.members.models import User
from core import markdown
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory

URL = "/discussions/mentions/"


@pytest.fixture
def writer(db):
    return UserFactory(practitioner=True, display_name="Wren Ito")


@pytest.fixture
def maren(db):
    return UserFactory(practitioner=True, display_name="Maren Aldous")


@pytest.fixture
def topic(db):
    return make_topic(make_forum())


def called_in(post) -> set[str]:
    return set(Mention.objects.filter(post=post).values_list("user__display_name", flat=True))


def page_of(person) -> str:
    return f'href="/people/{person.pk}/"'


def test_a_name_after_an_at_calls_and_leads_to_its_page(topic, writer, maren):
    post = posting.reply(topic, by=writer, body="What do you say, @Maren Aldous? You too, @maren aldous.")

    assert called_in(post) == {"Maren Aldous"}
    assert post.content_html.count(page_of(maren)) == 2
    assert ">@Maren Aldous</a>? You too" in post.content_html


@pytest.mark.parametrize(
    "body",
    [
        "Maren Aldous",
        "@Maren Aldousson",
        "@Maren",
        "write to me@Maren Aldous",
        "`@Maren Aldous`",
        "```\n@Maren Aldous\n```",
        "> @Maren Aldous",
        "> > so said @Maren Aldous\n\nIndeed.",
        "[@Maren Aldous](https://example.org)",
        "<https://example.org/@Maren Aldous>",
        "@\n Maren Aldous",
        "@@",
    ],
)
def test_what_is_no_call_calls_nobody(topic, writer, maren, body):
    post = posting.reply(topic, by=writer, body=body)

    assert called_in(post) == set()
    assert page_of(maren) not in post.content_html


def test_the_longest_name_is_the_one_that_is_called(topic, writer):
    UserFactory(display_name="Sam Lee")
    UserFactory(display_name="Sam Lee Park")

    post = posting.reply(topic, by=writer, body="@Sam Lee Park and nobody else")

    assert called_in(post) == {"Sam Lee Park"}


@pytest.mark.parametrize("name", ["Anne-Marie O'Brien", "J. R. Smith Jr.", "Lucía Serrano", "李 明", "Bea"])
def test_names_of_all_kinds_are_called(topic, writer, name):
    UserFactory(display_name=name)

    assert called_in(posting.reply(topic, by=writer, body=f"Thanks @{name}, truly")) == {name}


def test_of_two_with_one_name_the_number_says_who(topic, writer):
    one, other = UserFactory(display_name="Sam Lee"), UserFactory(display_name="Sam Lee")

    unclear = posting.reply(topic, by=writer, body="@Sam Lee?")
    clear = posting.reply(topic, by=writer, body=f"@Sam Lee#{other.pk}, I mean.")
    neither = posting.reply(topic, by=writer, body=f"@Sam Lee#{writer.pk}, I mean.")

    assert called_in(unclear) == called_in(neither) == set()
    assert [mention.user for mention in Mention.objects.filter(post=clear)] == [other]
    assert f"{page_of(other)}" in clear.content_html
    assert ">@Sam Lee</a>, I mean" in clear.content_html
    assert mentions.render("@Sam Lee?", forum=topic.forum, by=writer).unclear == ["Sam Lee"]
    assert page_of(one) not in clear.content_html


@pytest.mark.parametrize(
    ("audience", "fields", "is_called"),
    [
        ("members", {}, True),
        ("members", {"hidden": True}, False),
        ("members", {"applicant": True}, False),
        ("members", {"lapsed": True}, False),
        ("members", {"is_active": False}, False),
        ("world", {}, True),
        ("world", {"applicant": True}, False),
        ("practitioners", {}, False),
        ("practitioners", {"practitioner": True}, True),
        ("practitioners", {"practitioner": True, "hidden": True}, False),
    ],
)
def test_only_who_reads_there_and_does_not_hide_is_called(writer, audience, fields, is_called):
    person = UserFactory(display_name="Oriel Vanterpool", **fields)
    topic = make_topic(make_forum(audience=audience))

    post = posting.reply(topic, by=writer, body="@Oriel Vanterpool")
    offered = mentions.suggest("ori", forum=topic.forum, topic=topic, by=writer)

    assert called_in(post) == ({"Oriel Vanterpool"} if is_called else set())
    assert (page_of(person) in post.content_html) == is_called
    assert [one for one, _name in offered] == ([person] if is_called else [])


def test_in_a_group_its_roster_is_called_and_nobody_else(writer):
    group = GroupFactory(hidden=True)
    leader = MembershipFactory(group=group, facilitator=True, user=UserFactory(display_name="Ada Lead")).user
    inside = UserFactory(display_name="Oriel Vanterpool", hidden=True)
    put_in(group, writer, inside)
    MembershipFactory(group=group, unsigned=True, user=UserFactory(display_name="Oriel Unsigned"))
    UserFactory(display_name="Oriel Outside")
    topic = make_topic(forums.forum_for_group(group), by=leader)

    words = "@Oriel Vanterpool @Oriel Unsigned @Oriel Outside @Ada Lead @Wren Ito"
    post = posting.reply(topic, by=writer, body=words)
    offered = mentions.suggest("ori", forum=topic.forum, topic=topic, by=writer)

    assert called_in(post) == {"Oriel Vanterpool", "Ada Lead"}
    assert [one for one, _name in offered] == [inside]


def test_a_change_calls_others_and_lets_go(topic, writer, maren):
    UserFactory(display_name="Tobias Jensen")
    post = posting.reply(topic, by=writer, body="@Maren Aldous")

    posting.edit_post(post, by=writer, body="@Tobias Jensen", based_on=0)

    assert called_in(post) == {"Tobias Jensen"}


def test_a_text_comes_out_the_same_after_its_people_changed_their_names(topic, writer, maren):
    post = posting.reply(topic, by=writer, body="@Maren Aldous, again")
    maren.display_name = "Maren Okafor"
    maren.save()

    assert mentions.render_again(post) == post.content_html


def test_a_post_calls_at_most_so_many(topic, writer):
    names = [UserFactory().display_name for _ in range(mentions.MOST + 5)]

    post = posting.reply(topic, by=writer, body="\n".join(f"- @{name}" for name in names))

    assert Mention.objects.filter(post=post).count() <= mentions.MOST


def test_calls_without_end_take_no_time(topic, writer, maren):
    body = "@Maren Aldous " * 1400

    html = mentions.render(body, forum=topic.forum, by=writer).html

    assert html.count(page_of(maren)) == 1400
    assert len(markdown.calls("@a" * 9_000)) <= 1


def test_a_text_without_an_at_asks_nothing(topic, writer, django_assert_num_queries):
    forum = topic.forum

    with django_assert_num_queries(0):
        mentions.render("No *name* here, only me@example.org", forum=forum, by=writer)


@pytest.mark.parametrize("count", [1, 20])
def test_a_text_with_calls_asks_once(topic, writer, count, django_assert_num_queries):
    names, forum = [UserFactory().display_name for _ in range(count)], topic.forum

    with django_assert_num_queries(1):
        mentions.render("\n\n".join(f"@{name}" for name in names), forum=forum, by=writer)


# What is offered ----------------------------------------------------------------------------------------------------


def offered(client, topic, typed) -> list[str]:
    return [each["writes"] for each in client.get(URL, {"place": f"topic-{topic.pk}", "q": typed}).json()["people"]]


def test_names_are_offered_by_the_beginning_of_a_word(client, topic, writer, maren):
    UserFactory(display_name="Aldo Marendra")
    client.force_login(writer)

    assert offered(client, topic, "MAREN") == ["Aldo Marendra", "Maren Aldous"]
    assert offered(client, topic, "maren al") == ["Maren Aldous"]
    assert offered(client, topic, "aren") == []
    assert offered(client, topic, "wren") == []


def test_who_writes_in_the_topic_comes_first(client, topic, writer):
    UserFactory(display_name="Kim Adler")
    here = UserFactory(display_name="Kim Zimmer")
    posting.reply(topic, by=here, body="Yes.")
    client.force_login(writer)

    assert offered(client, topic, "kim") == ["Kim Zimmer", "Kim Adler"]
    assert set(offered(client, topic, "")) == {"Kim Zimmer", topic.poster.display_name}


def test_namesakes_are_offered_with_their_numbers(client, topic, writer):
    people = [UserFactory(display_name="Sam Lee") for _ in range(2)]
    client.force_login(writer)

    assert offered(client, topic, "sam") == [f"Sam Lee#{person.pk}" for person in people]


def test_a_few_are_offered_and_no_more(client, topic, writer):
    for number in range(12):
        UserFactory(display_name=f"Kim {number}")
    client.force_login(writer)

    assert len(offered(client, topic, "kim")) == mentions.SUGGESTED


@pytest.mark.parametrize("typed", ["%", "_", "\\", "b\x00", "x" * 5000, "'"])
def test_odd_beginnings_offer_nobody(client, topic, writer, maren, typed):
    client.force_login(writer)

    assert offered(client, topic, typed) == []


@pytest.mark.parametrize("who", ["applicant", "lapsed"])
def test_whoever_may_not_write_there_is_offered_nobody(client, topic, who):
    client.force_login(UserFactory(**{who: True}))

    assert client.get(URL, {"place": f"topic-{topic.pk}", "q": "a"}).status_code == 404


def test_a_place_of_another_group_offers_nobody(client, writer):
    group = GroupFactory(consultation=True)
    leader = MembershipFactory(group=group, facilitator=True).user
    forum = forums.forum_for_group(group)
    topic = make_topic(forum, by=leader)
    client.force_login(writer)

    for key in (f"forum-{forum.pk}", f"topic-{topic.pk}", f"post-{topic.first_post_id}"):
        assert client.get(URL, {"place": key, "q": ""}).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_offering_costs_the_same_whoever_is_there(client, topic, writer, count, django_assert_num_queries):
    for number in range(count):
        UserFactory(display_name=f"Kim {number}")
    client.force_login(writer)
    offered(client, topic, "kim")

    with django_assert_num_queries(5):
        offered(client, topic, "kim")


# With many members --------------------------------------------------------------------------------------------------


def plans_of(queries) -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for sql in queries:
            cursor.execute(f"EXPLAIN {sql}")
            found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


def test_among_20000_members_a_name_is_looked_up_by_an_index(topic, writer):
    """What the composer offers and whom a text calls: by the beginning of a name, of a word in it, and by all of it."""
    names = [f"Fore{n % 400} Sur{n // 4}" for n in range(20_000)]
    people = [User(email=f"{n}@example.org", display_name=name, standing="active") for n, name in enumerate(names)]
    User.objects.bulk_create(people, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE members_user")

    with CaptureQueriesContext(connection) as asked:
        offered = mentions.suggest("sur499", forum=topic.forum, topic=topic, by=writer)
        text = mentions.render("@Fore7 Sur1, look.", forum=topic.forum, by=writer)
    plans = plans_of(each["sql"] for each in asked if 'FROM "members_user"' in each["sql"])

    assert (len(offered), len(text.calls)) == (mentions.SUGGESTED, 1)
    assert len(plans) == 2
    assert "people_by_name" in plans[0]
    assert "people_by_words_of_name" in plans[0]
    assert "people_by_name" in plans[1]
    assert "Seq Scan on members_user" not in "".join(plans)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Finn O'Brien", ["finn", "o'br", "O'B", "brien", "finn o'b"]),
        ("Anne-Marie Roy", ["anne-ma", "marie", "roy", "anne-marie r"]),
        ("Zoë Çelik", ["zoë", "çel", "ÇELIK"]),
        ("J. K. Ång", ["j. k", "ång"]),
        ("Dr.Smith", ["dr.sm"]),
        ("王小明", ["王小"]),
        ("Sam_Lee", ["sam_", "sam"]),
    ],
)
def test_names_of_all_kinds_are_found_by_their_beginnings(client, topic, writer, name, typed):
    UserFactory(display_name=name)
    client.force_login(writer)

    assert [offered(client, topic, each) for each in typed] == [[name]] * len(typed)
