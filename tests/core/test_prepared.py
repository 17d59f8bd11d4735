"""Queries that are compiled once: they answer as the QuerySet would, keep nothing of a value, and refuse what would."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import DataError, OperationalError, connection, transaction
from django.db.models import BooleanField, CharField, Count, DurationField, F, JSONField, Sum, Value
from django.db.models.functions import TruncDate
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.groups.models import Group, Membership
from community.members.models import User
from core.prepared import Prepared, Unpreparable
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


def test_each_value_is_asked_anew(db):
    first, second = UserFactory(), UserFactory()
    person = Prepared(lambda pk: User.objects.filter(pk=pk))

    assert [person.first(first.pk), person.first(second.pk), person.first(0)] == [first, second, None]
    assert person(second.pk) == [second]


def test_a_change_is_seen_by_the_next_question(db):
    user = UserFactory(display_name="Before")
    person = Prepared(lambda pk: User.objects.filter(pk=pk))
    person.first(user.pk)

    User.objects.filter(pk=user.pk).update(display_name="After")

    assert person.first(user.pk).display_name == "After"


def test_people_of_the_same_standing_share_the_sql_and_not_the_rows(db):
    one, other = MembershipFactory(), MembershipFactory()
    own = Prepared(lambda reader: Group.objects.entered_by(reader).order_by("pk"))

    assert own(one.user) == [one.group]
    assert own(other.user) == [other.group]
    assert len(own._compiled) == 1


def test_a_person_who_lost_their_standing_is_asked_for_as_what_they_are_now(db):
    membership = MembershipFactory()
    own = Prepared(lambda reader: Group.objects.entered_by(reader))
    own(membership.user)

    membership.user.standing = User.Standing.LAPSED

    assert own(membership.user) == []


def test_a_visitor_has_a_shape_of_their_own(db):
    chapter, circle = GroupFactory(kind="chapter"), GroupFactory(kind="consultation")
    member = UserFactory(standing="active")
    visible = Prepared(lambda reader: Group.objects.visible_to(reader).order_by("kind"))

    assert visible(AnonymousUser()) == [chapter]
    assert visible(member) == [chapter, circle]
    assert visible(AnonymousUser()) == [chapter]


def test_related_rows_annotations_and_prefetches_come_along(db):
    membership = MembershipFactory()

    def roster(group_id):
        rows = (
            Membership.objects.filter(group=group_id).select_related("user").annotate(size=Count("group__memberships"))
        )
        return rows.prefetch_related("user__interests")

    with CaptureQueriesContext(connection) as asked:
        (row,) = Prepared(roster)(membership.group_id)
        names = row.user.display_name, list(row.user.interests.all()), row.size

    assert names == (membership.user.display_name, [], 1)
    assert len(asked) == 2


def test_values_and_values_list_answer_as_they_do(db):
    user = UserFactory()

    assert Prepared(lambda pk: User.objects.filter(pk=pk).values_list("email", flat=True))(user.pk) == [user.email]
    assert Prepared(lambda pk: User.objects.filter(pk=pk).values("email"))(user.pk) == [{"email": user.email}]


def test_rows_are_what_the_queryset_makes_of_them(db):
    checker = UserFactory()
    MembershipFactory(user__licence_checked_by=checker, left_at=timezone.now())
    MembershipFactory(signed_edition=None)

    def written(least):
        rows = Membership.objects.select_related("group", "user__licence_checked_by").filter(pk__gt=least)
        return rows.annotate(twice=F("pk") + F("pk")).order_by("pk")

    rows, expected = Prepared(written)(0), list(written(0))

    assert [_everything(row) for row in rows] == [_everything(row) for row in expected]
    assert [row.user.licence_checked_by for row in rows] == [checker, None]
    with CaptureQueriesContext(connection) as asked:
        assert [(row.group.name, row.user.licence_checked_by_id, row.twice) for row in rows] == [
            (row.group.name, row.user.licence_checked_by_id, row.pk * 2) for row in expected
        ]
    assert len(asked) == 0


def _everything(row) -> tuple:
    state = row._state
    fields = {name: value for name, value in vars(row).items() if name != "_state"}
    return type(row), fields, state.adding, state.db, {key: state.fields_cache[key] for key in state.fields_cache}


def test_what_a_query_leaves_out_is_fetched_when_it_is_asked_for(db):
    user = UserFactory(display_name="Ann", city="Columbus")
    person = Prepared(lambda pk: User.objects.filter(pk=pk).only("display_name")).first(user.pk)

    assert person.get_deferred_fields() >= {"city", "email"}
    with CaptureQueriesContext(connection) as asked:
        assert (person.display_name, person.city) == ("Ann", "Columbus")
    assert len(asked) == 1


def test_a_row_can_be_changed_and_saved(db):
    user = UserFactory(display_name="Before")
    person = Prepared(lambda pk: User.objects.filter(pk=pk)).first(user.pk)

    person.display_name = "After"
    person.save()

    user.refresh_from_db()
    assert (user.display_name, user.email) == ("After", person.email)


def test_whoever_listens_to_new_instances_hears_of_these_too(db):
    user, heard = UserFactory(), []

    def listener(instance, **_):
        heard.append(instance.pk)

    post_init.connect(listener, sender=User)
    try:
        Prepared(lambda pk: User.objects.filter(pk=pk)).first(user.pk)
    finally:
        post_init.disconnect(listener, sender=User)

    assert heard == [user.pk]


def test_values_of_every_kind_come_over(db):
    user = UserFactory(date_joined=datetime(2021, 5, 1, 12, tzinfo=UTC), licence_expires_on=date(2031, 5, 1))
    odd = {
        "facts": Value({"a": [1]}, JSONField()),
        "span": Value(timedelta(hours=3), DurationField()),
        "sum": Sum("pk"),
        "none": Value(None, CharField()),
        "yes": Value(True, BooleanField()),
    }

    def columns(names, **annotations):
        return lambda pk: User.objects.filter(pk=pk).annotate(**annotations).values_list(*names)

    plain = columns(["date_joined", "licence_expires_on", "is_staff", "pk", "picture", "none", "yes"], **odd)
    for build in (plain, columns(["date_joined", *odd], **odd)):
        assert Prepared(build)(user.pk) == list(build(user.pk))


def test_none_and_flags_are_part_of_the_shape(db):
    here, gone = MembershipFactory(), MembershipFactory(left_at=timezone.now())
    left = Prepared(lambda is_here: Membership.objects.filter(left_at__isnull=is_here))
    at = Prepared(lambda moment: Membership.objects.filter(left_at=moment))

    assert (left(True), left(False)) == ([here], [gone])
    assert (at(None), at(gone.left_at)) == ([here], [gone])


def test_texts_days_and_moments_have_places(db):
    user = UserFactory(
        display_name="Ann", licence_expires_on=date(2031, 5, 1), date_joined=datetime(2021, 5, 1, tzinfo=UTC)
    )
    find = Prepared(
        lambda name, day, moment: User.objects.filter(
            display_name=name, licence_expires_on__gte=day, date_joined__lt=moment
        )
    )

    assert find("Ann", date(2031, 5, 1), datetime(2022, 1, 1, tzinfo=UTC)) == [user]
    assert find("Bea", date(2031, 5, 1), datetime(2022, 1, 1, tzinfo=UTC)) == []
    assert find("Ann", date(2031, 5, 2), datetime(2022, 1, 1, tzinfo=UTC)) == []


def test_several_values_are_looked_for_at_once(db):
    one, two, _other = UserFactory(), UserFactory(), UserFactory()
    some = Prepared(lambda pks, reader: User.objects.filter(pk__in=pks).exclude(pk=reader.pk).order_by("pk"))

    assert some((one.pk, two.pk), one) == [two]
    assert some((two.pk, one.pk), two) == [one]
    assert some((one.pk, one.pk), two) == [one]
    assert some((), one) == []


def test_the_number_of_the_first_row_has_a_place(db):
    people = UserFactory.create_batch(4)
    page = Prepared(lambda start: User.objects.order_by("pk")[start : start + 2])

    assert [page(0), page(2), page(4)] == [people[:2], people[2:], []]
    assert len(page._compiled) == 1


def test_what_a_person_may_do_is_asked_anew(db):
    granted = Permission.objects.get(content_type__app_label="groups", codename="change_group")
    keeper, other = UserFactory(is_staff=True), UserFactory(is_staff=True)
    keeper.user_permissions.add(granted)
    hidden = MembershipFactory(group__community=True).group
    kept = Prepared(lambda reader: Group.objects.administered_by(reader))

    assert [kept(other), kept(keeper), kept(other)] == [[], [hidden], []]
    keeper.user_permissions.clear()
    assert kept(User.objects.get(pk=keeper.pk)) == []


def test_from_the_sixth_time_on_the_plan_is_kept_and_the_rows_are_not(db):
    user = UserFactory(display_name="0")
    person = Prepared(lambda pk: User.objects.filter(pk=pk))
    names = []

    for number in range(8):
        User.objects.filter(pk=user.pk).update(display_name=str(number))
        names.append(person.first(user.pk).display_name)

    assert names == list("01234567")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%members_user%'")
        assert cursor.fetchone() == (1,)


def test_a_constant_with_a_percent_sign_stays_as_it_is(db):
    user = UserFactory(display_name="50% %s Ann")
    half = Prepared(lambda pk: User.objects.filter(pk=pk, display_name__startswith="50% %s"))

    assert half(user.pk) == [user]


def test_a_hostile_text_stays_a_text(db):
    find = Prepared(lambda name: User.objects.filter(display_name=name))

    assert find("' OR 1=1 --") == []
    assert find("%s %(a)s") == []


@pytest.mark.parametrize(
    ("build", "given"),
    [
        (lambda count: User.objects.all()[: count * 2], 3),
        (lambda name: User.objects.filter(display_name__icontains=name), "Ann"),
        (lambda pk: User.objects.filter(pk__in=[pk + 1]), 7),
        (lambda pk: User.objects.all(), 7),
        (
            lambda moment: User.objects.filter(date_joined__gt=moment + timedelta(days=1)),
            datetime(2022, 1, 1, tzinfo=UTC),
        ),
    ],
    ids=["how many rows", "inside of a text", "changed before", "not used", "moved before"],
)
def test_a_value_that_finds_no_place_is_refused(db, build, given):
    with pytest.raises(Unpreparable):
        Prepared(build)(given)


@pytest.mark.parametrize(
    "build",
    [
        lambda: User.objects.filter(date_joined__lt=timezone.now()),
        lambda: User.objects.filter(licence_expires_on__lt=timezone.localdate()),
        lambda: User.objects.annotate(day=TruncDate("date_joined")).filter(day=F("licence_expires_on")),
    ],
    ids=["now", "today", "the reader's zone"],
)
def test_what_would_be_kept_is_refused(db, build):
    with pytest.raises(Unpreparable):
        Prepared(build)()


@pytest.mark.parametrize("name", ["email", "time_zone", "memberships", "region"])
def test_a_query_that_depends_on_more_of_a_person_is_refused(db, name):
    query = Prepared(lambda reader: User.objects.filter(display_name=str(getattr(reader, name, ""))))

    with pytest.raises(Unpreparable, match=name):
        query(UserFactory())


def test_objects_are_refused(db):
    with pytest.raises(Unpreparable):
        Prepared(lambda group: Membership.objects.filter(group=group))(GroupFactory())


def test_each_thread_asks_on_its_own_connection(fresh_database):
    user = UserFactory()
    person = Prepared(lambda pk: User.objects.filter(pk=pk))
    person(user.pk)
    found = []

    def ask():
        found.extend(person(user.pk))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [user] * 4


def test_whoever_counts_queries_hears_of_each(db, django_assert_num_queries):
    user, heard = UserFactory(), []
    person = Prepared(lambda pk: User.objects.filter(pk=pk))

    def listener(execute, sql, params, many, context):
        heard.append(params)
        return execute(sql, params, many, context)

    with django_assert_num_queries(2):
        person.first(user.pk)
        person.first(user.pk)
    with connection.execute_wrapper(listener):
        person.first(user.pk)

    assert heard == [[user.pk]]


def test_an_error_of_the_database_is_djangos(db):
    named = Prepared(lambda name: User.objects.filter(display_name=name))

    with pytest.raises(DataError), transaction.atomic():
        named("\x00")
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            named("Ann")


def test_the_first_query_of_a_request_finds_a_new_server(fresh_database):
    user = UserFactory()
    person = Prepared(lambda pk: User.objects.filter(pk=pk))
    person.first(user.pk)
    _lose_connection()

    with pytest.raises(OperationalError):
        person.first(user.pk)
    connection.close()
    person.first(user.pk)
    _lose_connection()
    connection.health_check_enabled, connection.health_check_done = True, False  # as at the start of a request

    assert person.first(user.pk) == user
    assert connection.health_check_done


def _lose_connection() -> None:
    """As when PostgreSQL was started anew in the meantime."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.close()
