from django.urls import path

from community.groups import (
    agreement_views,
    editing_views,
    file_views,
    inviting_views,
    joining_views,
    people_views,
    views,
)

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("invitations/<str:token>/", joining_views.invitation_link, name="invitation_link"),
    path("<slug:slug>/", views.group, name="group"),
    path("<slug:slug>/agreement/", agreement_views.agreement, name="agreement"),
    path("<slug:slug>/agreement/copy/", agreement_views.copy, name="agreement_copy"),
    path("<slug:slug>/agreement/addition/", agreement_views.addition, name="addition"),
    path("<slug:slug>/files/", file_views.files, name="files"),
    path("<slug:slug>/files/<int:pk>/", file_views.file, name="file"),
    path("<slug:slug>/files/<int:pk>/remove/", file_views.remove_file, name="remove_file"),
    path("<slug:slug>/ask/", joining_views.ask, name="ask"),
    path("<slug:slug>/ask/withdraw/", joining_views.withdraw, name="withdraw"),
    path("<slug:slug>/invitation/", joining_views.invitation, name="invitation"),
    path("<slug:slug>/edit/", editing_views.edit, name="edit"),
    path("<slug:slug>/archive/", editing_views.archive, name="archive"),
    path("<slug:slug>/leave/", joining_views.leave, name="leave"),
    path("<slug:slug>/people/", people_views.people, name="people"),
    path("<slug:slug>/people/step-down/", people_views.step_down, name="step_down"),
    path("<slug:slug>/people/<int:pk>/remove/", people_views.remove, name="remove"),
    path("<slug:slug>/people/<int:pk>/appoint/", people_views.appoint, name="appoint"),
    path("<slug:slug>/people/<int:pk>/hand-over/", people_views.hand_over, name="hand_over"),
    path("<slug:slug>/requests/<int:pk>/approve/", people_views.approve, name="approve"),
    path("<slug:slug>/requests/<int:pk>/decline/", people_views.decline, name="decline"),
    path("<slug:slug>/invite/", inviting_views.invite, name="invite"),
    path("<slug:slug>/invite/link/", inviting_views.make_link, name="make_link"),
    path("<slug:slug>/invitations/<int:pk>/revoke/", inviting_views.revoke, name="revoke"),
]
