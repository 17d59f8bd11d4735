from django.urls import path

from community.safety import views

app_name = "safety"
urlpatterns = [
    path("report/<slug:kind>/<int:target_id>/", views.report, name="report"),
    path("moderation/", views.queue, name="queue"),
    path("moderation/<int:pk>/close/", views.close, name="close"),
]
