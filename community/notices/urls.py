from django.urls import path

from community.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("account/mail/", views.preferences, name="preferences"),
    path("mail/stop/<str:token>/", views.stop, name="stop"),
    path("dev/mail/", views.dev_mail, name="dev-mail"),
    path("dev/mail/<slug:name>/", views.dev_mail_message, name="dev-mail-message"),
]
