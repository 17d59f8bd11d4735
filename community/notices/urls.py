from django.urls import path

from community.notices import views

app_name = "notices"
urlpatterns = [
    path("dev/mail/", views.dev_mail, name="dev-mail"),
    path("dev/mail/<slug:name>/", views.dev_mail_message, name="dev-mail-message"),
]
