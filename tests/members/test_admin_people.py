import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail

from community.members import roles, standing
from community.members.admin.forms import PersonForm
from community.members.models import User
from community.members.roles import RoleRefused
from factories.members import UserFactory


def give(user, *codenames):
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def secretary(client, db):
    """Staff who look after members, and are no administrators."""
    user = give(UserFactory(staff=True), "access_admin", "change_user", "add_user")
    client.force_login(user)
    return user


def names(answer):
    return [str(person) for person in answer.context["object_list"]]


def test_the_list_finds_by_standing_discipline_licence_and_name(client, secretary):
    User.objects.filter(pk=secretary.pk).update(display_name="Secretary", discipline="other")
    UserFactory(display_name="Ada", applicant=True)
    UserFactory(display_name="Ben", practitioner=True, discipline="psychologist")
    UserFactory(display_name="Cem", lapsed=True, practitioner=True)

    assert names(client.get("/admin/users/")) == ["Ada", "Ben", "Cem", "Secretary"]
    assert names(client.get("/admin/users/?standing=applicant")) == ["Ada"]
    assert names(client.get("/admin/users/?discipline=psychologist")) == ["Ben"]
    assert names(client.get("/admin/users/?practitioner=true")) == ["Ben"]
    assert names(client.get("/admin/users/?practitioner=false")) == ["Ada", "Cem", "Secretary"]
    assert names(client.get("/admin/users/?q=be")) == ["Ben"]


def test_staff_admit_an_applicant(client, secretary, run_jobs):
    applicant = UserFactory(applicant=True, confirmed=True)

    answer = client.post(f"/admin/users/edit/{applicant.pk}/admit/", follow=True)
    run_jobs()

    assert "is a member now" in answer.content.decode()
    assert User.objects.get(pk=applicant.pk).is_member
    assert mail.outbox[0].to == [applicant.email]


def test_a_refusal_is_a_sentence_on_the_page(client, secretary):
    applicant = UserFactory(applicant=True)

    answer = client.post(f"/admin/users/edit/{applicant.pk}/admit/", follow=True)

    assert "has not confirmed the e-mail address yet" in answer.content.decode()


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("lapse", {}, ("lapsed", True, True)),
        ("reinstate", {"lapsed": True}, ("active", True, True)),
        ("withdraw", {}, ("active", True, False)),
        ("close", {}, ("active", False, True)),
        ("reopen", {"is_active": False}, ("active", True, True)),
    ],
)
def test_what_staff_can_do_to_somebody(client, secretary, action, before, after):
    person = UserFactory(practitioner=True, **before)

    client.post(f"/admin/users/edit/{person.pk}/{action}/")

    person.refresh_from_db()
    assert (person.standing, person.is_active, person.licence_checked_on is not None) == after


def test_staff_check_a_licence(client, secretary):
    person = UserFactory(licence_jurisdiction="Ohio", licence_number="P.1")
    assert 'value="P.1"' in client.get(f"/admin/users/edit/{person.pk}/licence/").content.decode()

    typed = {"jurisdiction": "Ohio", "number": "P.12", "on": "2026-01-05", "expires_on": "2099-12-31"}
    client.post(f"/admin/users/edit/{person.pk}/licence/", typed)

    person = User.objects.get(pk=person.pk)
    assert person.is_practitioner
    assert (person.licence_number, person.licence_checked_by) == ("P.12", secretary)
    page = client.get(f"/admin/users/edit/{person.pk}/").content.decode()
    assert "Checked on Jan. 5, 2026" in page
    assert "License checked" in client.get(f"/admin/users/history/{person.pk}/").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"on": "2026-02-31"},
        {"on": "\x00"},
        {"number": ""},
        {"on": "9999-01-01"},
        {"expires_on": "2020-01-01"},
        {"number": "\x00"},
    ],
)
def test_a_check_that_cannot_be_stays_a_form_with_what_was_typed(client, secretary, changes):
    person = UserFactory()
    typed = {"jurisdiction": "Kept words", "number": "P.12", "on": "2026-01-05", "expires_on": ""} | changes

    answer = client.post(f"/admin/users/edit/{person.pk}/licence/", typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "Kept words" in answer.content.decode()
    assert not User.objects.get(pk=person.pk).is_practitioner


def test_staff_invite_somebody(client, secretary, run_jobs):
    answer = client.post("/admin/users/new/", {"email": "Noor@Example.org", "display_name": "Noor"}, follow=True)
    run_jobs()

    assert "is invited" in answer.content.decode()
    assert User.objects.get(email="noor@example.org").is_member
    assert mail.outbox[0].to == ["noor@example.org"]


@pytest.mark.parametrize("email", ["TAKEN@example.org", "no address", "", "\x00"])
def test_an_invitation_that_cannot_be_sent_says_why(client, secretary, email):
    UserFactory(email="taken@example.org")

    answer = client.post("/admin/users/new/", {"email": email, "display_name": "Noor"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not User.objects.filter(display_name="Noor").exists()


ADDRESSES = [
    ("get", "/admin/users/"),
    ("get", "/admin/users/new/"),
    ("get", "/admin/users/edit/{person}/"),
    ("get", "/admin/users/edit/{person}/licence/"),
    ("post", "/admin/users/edit/{person}/admit/"),
    ("post", "/admin/users/edit/{person}/close/"),
    ("get", "/admin/users/history/{person}/"),
]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_editors_do_not_look_after_people(client, db, method, address):
    client.force_login(give(UserFactory(staff=True), "access_admin"))
    person = UserFactory(applicant=True, confirmed=True)

    answer = getattr(client, method)(address.format(person=person.pk))

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert User.objects.get(pk=person.pk).standing == "applicant"


@pytest.mark.parametrize(("method", "address"), ADDRESSES[2:-1])
def test_an_administrator_is_looked_after_by_administrators_only(client, secretary, method, address):
    administrator = UserFactory(superuser=True, confirmed=True)

    answer = getattr(client, method)(address.format(person=administrator.pk))

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert User.objects.get(pk=administrator.pk).is_active


@pytest.mark.parametrize("address", ["admit/", "lapse/", "close/", "licence/"])
def test_somebody_who_is_not_there_is_not_found(client, secretary, address):
    assert client.post(f"/admin/users/edit/987654321/{address}").status_code == 404


def test_actions_take_a_post(client, secretary):
    assert client.get(f"/admin/users/edit/{UserFactory().pk}/lapse/").status_code == 405


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_nobody_is_deleted_disabled_or_promoted_in_bulk(client, db, action):
    client.force_login(UserFactory(superuser=True))
    person = UserFactory()

    client.post(f"/admin/bulk/members/user/{action}/?id={person.pk}", {"mark_as_active": "", "role": ""})

    assert User.objects.get(pk=person.pk).is_active


def test_nobody_is_deleted_one_by_one(client, db):
    client.force_login(UserFactory(superuser=True))

    assert client.get(f"/admin/users/delete/{UserFactory().pk}/").status_code == 404


def test_an_administrator_gives_roles(client, db):
    client.force_login(UserFactory(superuser=True))
    person, group = UserFactory(), Group.objects.create(name="Editors of the gazette")
    group.permissions.add(Permission.objects.get(codename="access_admin"))

    client.post(f"/admin/users/edit/{person.pk}/", {"display_name": "New Name", "groups": [group.pk]})

    person = User.objects.get(pk=person.pk)
    assert (person.display_name, list(person.groups.all()), person.is_staff) == ("New Name", [group], True)


def test_somebody_else_gives_no_roles_whatever_they_post(client, secretary):
    group = Group.objects.create(name="Everything")

    client.post(
        f"/admin/users/edit/{secretary.pk}/", {"display_name": "Me", "groups": [group.pk], "is_superuser": "on"}
    )

    me = User.objects.get(pk=secretary.pk)
    assert (me.display_name, me.is_superuser, me.groups.count()) == ("Me", False, 0)
    with pytest.raises(RoleRefused):
        roles.set_roles(me, by=me, groups=[group], administrator=True)


def test_the_last_step_down_is_not_taken_alone(client, db):
    admin = UserFactory(superuser=True)
    client.force_login(admin)

    answer = client.post(f"/admin/users/edit/{admin.pk}/", {"display_name": "Me"})

    assert "Another administrator has to take this role" in answer.content.decode()
    assert User.objects.get(pk=admin.pk).is_superuser


def test_roles_are_not_given_to_who_was_removed_meanwhile(db):
    person = UserFactory()
    User.objects.filter(pk=person.pk).update(standing="removed")

    with pytest.raises(RoleRefused):
        roles.set_roles(person, by=UserFactory(superuser=True), groups=[], administrator=True)
    assert not User.objects.get(pk=person.pk).is_superuser


def test_a_name_is_saved_and_no_decision_of_the_meantime_with_it(db, secretary):
    person = UserFactory()
    form = PersonForm({"display_name": "New Name"}, instance=person, by=secretary)
    assert form.is_valid()
    User.objects.filter(pk=person.pk).update(standing="removed")

    form.save()

    person = User.objects.get(pk=person.pk)
    assert (person.display_name, person.standing) == ("New Name", "removed")


def test_a_role_that_is_taken_away_counts_on_the_next_request(client, db):
    admin, editor = UserFactory(superuser=True), give(UserFactory(), "access_admin")
    editor.user_permissions.clear()
    group = Group.objects.create(name="Editors of the gazette")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    roles.set_roles(editor, by=admin, groups=[group], administrator=False)
    client.force_login(editor)
    assert client.get("/admin/").status_code == 200

    roles.set_roles(editor, by=admin, groups=[], administrator=False)

    assert client.get("/admin/").status_code == 403


def test_the_first_page_of_the_admin_says_how_many_wait(client, secretary):
    UserFactory.create_batch(3, applicant=True)

    assert "3 applications" in client.get("/admin/").content.decode()


def test_standing_and_roles_are_not_to_be_had_from_each_other(client, secretary):
    """The form of a person changes the name only; standing has functions of its own."""
    person = UserFactory(applicant=True)

    client.post(f"/admin/users/edit/{person.pk}/", {"display_name": "P", "standing": "active", "is_active": ""})

    person.refresh_from_db()
    assert (person.standing, person.is_active) == ("applicant", True)
    with pytest.raises(standing.StandingRefused):
        standing.admit(person, by=secretary)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_twenty(client, db, django_assert_num_queries, count):
    client.force_login(UserFactory(superuser=True))
    UserFactory.create_batch(count)
    client.get("/admin/users/")

    with django_assert_num_queries(5):
        client.get("/admin/users/results/")
