from django.urls import path

from community.safety import decision_views, person_views, views

app_name = "safety"
urlpatterns = [
    path("report/<slug:kind>/<int:target_id>/", views.report, name="report"),
    path("account/reports/", views.reported, name="reported"),
    path("account/decisions/", decision_views.decision_list, name="decisions"),
    path("account/decisions/<int:pk>/", decision_views.decision, name="decision"),
    path("moderation/", views.queue, name="queue"),
    path("moderation/decided/", views.decided, name="decided"),
    path("moderation/figures/", views.figures, name="figures"),
    path("moderation/<int:pk>/close/", views.close, name="close"),
    path("moderation/<int:pk>/put-back/", views.put_back, name="put-back"),
    path("moderation/waiting/<slug:kind>/<int:target_id>/approve/", views.approve, name="approve"),
    path("moderation/waiting/<slug:kind>/<int:target_id>/decline/", views.decline, name="decline"),
    path("moderation/note/<slug:kind>/<int:target_id>/", views.note, name="note"),
    path("moderation/appeals/<int:pk>/", decision_views.appeal, name="appeal"),
    path("moderation/people/", person_views.people, name="people"),
    path("moderation/people/<int:pk>/", person_views.person, name="person"),
    path("moderation/people/<int:pk>/lift/<int:sanction_id>/", person_views.lift, name="lift"),
]
