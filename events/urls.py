from datetime import date

from django.urls import path, register_converter

from events import organising_views, views


class DayConverter:
    """A date as it stands in an address, 2026-12-10."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # its ValueError means: not this address

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

app_name = "events"
urlpatterns = [
    path("", views.index, name="list"),
    path("month/", views.this_month, name="this-month"),
    path("month/<str:month>/", views.month, name="month"),
    path("<int:event_id>-<str:slug>/", views.event, name="event"),
    path("<int:event_id>-<str:slug>/<day:day>/", views.occurrence, name="occurrence"),
    path("<int:event_id>-<str:slug>/<day:day>.ics", views.calendar_file, name="calendar-file"),
    path("dates/<int:pk>/", views.date_of, name="date"),
    path("dates/<int:pk>/going/", views.go, name="go"),
    path("dates/<int:pk>/not-going/", views.not_go, name="not-go"),
    path("dates/<int:pk>/join/", views.join, name="join"),
    path("dates/<int:pk>/roster/", organising_views.roster, name="roster"),
    path("dates/<int:pk>/cancel/", organising_views.cancel, name="cancel"),
    path("dates/", organising_views.dates, name="dates"),
    path("new/", organising_views.new, name="new"),
    path("<int:event_id>/edit/", organising_views.edit, name="edit"),
]
