import pytest

from community.members.models import User
from core.models import Subject
from factories.members import UserFactory

WHO = {
    "visitor": None,
    "applicant": {"applicant": True},
    "lapsed": {"lapsed": True},
    "member": {},
    "practitioner": {"practitioner": True},
    "staff who are no members": {"staff": True, "superuser": True, "standing": "applicant"},
}


def log_in(client, who):
    if WHO[who] is None:
        return None
    user = UserFactory(**WHO[who])
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/people/", {"member", "practitioner"}),
        ("/people/?q=a", {"member", "practitioner"}),
        ("/people/{somebody}/", {"member", "practitioner"}),
        ("/people/{hiding}/", set()),
        ("/people/{applicant}/", set()),
        ("/people/{closed}/", set()),
        ("/people/987654321/", set()),
    ],
)
@pytest.mark.parametrize("who", WHO)
def test_who_may_look_at_people(client, db, who, address, allowed):
    people = {
        "somebody": UserFactory().pk,
        "hiding": UserFactory(hidden=True).pk,
        "applicant": UserFactory(applicant=True).pk,
        "closed": UserFactory(is_active=False).pk,
    }
    log_in(client, who)

    assert client.get(address.format(**people)).status_code == (200 if who in allowed else 404)


@pytest.mark.parametrize("who", [who for who in WHO if who != "visitor"])
def test_everybody_may_look_at_their_own_page(client, db, who):
    me = log_in(client, who)

    assert client.get(f"/people/{me.pk}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/", "/account/profile/", "/account/blocks/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"],
)
@pytest.mark.parametrize("who", WHO)
def test_everybody_with_an_account_may_look_after_it(client, db, who, address):
    log_in(client, who)

    answer = client.get(address)

    if who == "visitor":
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize("who", WHO)
def test_the_page_about_what_happens_next_is_for_those_who_wait(client, db, who):
    log_in(client, who)

    answer = client.get("/account/welcome/")

    assert answer.status_code == (302 if who in ("visitor", "member", "practitioner") else 200)


@pytest.mark.parametrize(
    "address", ["/people/", "/people/1/", "/account/", "/privacy/", "/rules/", "/account/welcome/"]
)
def test_pages_to_read_take_no_post(client, db, address):
    client.force_login(UserFactory())

    assert client.post(address).status_code == 405


@pytest.fixture
def member(client, db):
    user = UserFactory(display_name="Zoe Last", region="Ohio")
    client.force_login(user)
    return user


def names(answer):
    return [str(person) for person in answer.context["page"]]


def test_the_list_leaves_out_those_who_hide_myself_included(client, member):
    UserFactory(display_name="Ada")
    UserFactory(display_name="Hidden", hidden=True)
    UserFactory(display_name="Applicant", applicant=True)

    assert names(client.get("/people/")) == ["Ada", "Zoe Last"]

    User.objects.filter(pk=member.pk).update(hidden=True)
    assert names(client.get("/people/")) == ["Ada"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ada", ["Ada Lang"]),
        ("q=LANG", ["Ada Lang"]),
        ("q=%20", ["Ada Lang", "Ben Ruiz", "Zoe Last"]),
        ("discipline=psychologist", ["Ben Ruiz"]),
        ("region=Ohio", ["Ada Lang", "Zoe Last"]),
        ("q=ada&region=Ohio&discipline=counselor", ["Ada Lang"]),
        ("q=ada&discipline=psychologist", []),
        ("q=%25", []),
        ("q=" + "x" * 3000, []),
        ("unknown=1", ["Ada Lang", "Ben Ruiz", "Zoe Last"]),
    ],
)
def test_the_list_is_narrowed_by_name_discipline_and_place(client, member, query, found):
    UserFactory(display_name="Ada Lang", region="Ohio")
    UserFactory(display_name="Ben Ruiz", region="Texas", discipline="psychologist")

    assert names(client.get(f"/people/?{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "discipline=astrologer",
        "region=Atlantis",
        "page=0",
        "page=-1",
        "page=99",
        "page=x",
        "page=%00",
        "page=1e9",
    ],
)
def test_nonsense_in_the_address_is_not_found(client, member, query):
    assert client.get(f"/people/?{query}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/people/0/", "/people/99999999999999999999/", "/people/x/", "/people/-1/", "/people/%00/"]
)
def test_a_person_that_cannot_be_is_not_found(client, member, address):
    assert client.get(address).status_code == 404


def test_a_list_that_finds_nobody_says_so_and_offers_the_way_back(client, member):
    page = client.get("/people/?q=nobody-of-this-name").content.decode()

    assert "Nobody fits that" in page
    assert 'href="/people/"' in page


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_twenty(client, db, django_assert_num_queries, count):
    people = UserFactory.create_batch(count, region="Ohio", practitioner=True)
    client.force_login(people[0])
    client.get("/people/")

    with django_assert_num_queries(6):
        client.get("/people/")


@pytest.mark.parametrize("count", [1, 20])
def test_a_page_costs_the_same_for_one_and_for_twenty_interests(client, member, django_assert_num_queries, count):
    person = UserFactory()
    person.interests.set(Subject.objects.create(name=f"S{number}", slug=f"s{number}") for number in range(count))
    client.get("/people/")

    with django_assert_num_queries(6):
        client.get(f"/people/{person.pk}/")


def test_a_page_says_that_and_when_the_licence_was_checked(client, member):
    from datetime import date

    person = UserFactory(licence_checked_on=date(2026, 3, 9), licence_number="SECRET-1", licence_jurisdiction="Ohio")

    page = client.get(f"/people/{person.pk}/").content.decode()

    assert "Practitioner: license checked on March 9, 2026" in page
    assert "SECRET-1" not in page


def test_a_licence_that_ran_out_is_no_badge(client, member):
    from datetime import date

    person = UserFactory(licence_checked_on=date(2020, 3, 9), licence_expires_on=date(2021, 3, 9))

    assert "license checked" not in client.get(f"/people/{person.pk}/").content.decode()


def test_what_people_write_about_themselves_is_text_and_never_markup(client, member):
    person = UserFactory(bio="<script>alert(1)</script>\n\nSecond paragraph", display_name="<b>Bo</b>")

    page = client.get(f"/people/{person.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;Bo" in page
    assert "<p>Second paragraph</p>" in page


@pytest.mark.parametrize(
    ("facts", "byline"),
    [
        ({"credentials": "LPC", "licence_jurisdiction": "Ohio", "region": "Texas"}, "LPC · Ohio"),
        ({"discipline": "psychologist", "region": "Minnesota"}, "Psychologist · Minnesota"),
        ({"discipline": "psychologist"}, "Psychologist"),
        ({"discipline": "", "region": "Ohio"}, "Ohio"),
        ({"discipline": ""}, ""),
    ],
)
def test_the_byline_says_what_is_known(facts, byline):
    assert UserFactory.build(**facts).byline == byline


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E1 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_as_its_owner_would(user_agent, words):
    from community.members.templatetags.members import browser_words

    assert browser_words(user_agent) == words
