from django.urls import path

from community.members import address_views, views

app_name = "members"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/block/", views.block, name="block"),
    path("people/<int:pk>/unblock/", views.unblock, name="unblock"),
    path("account/", views.account, name="account"),
    path("account/profile/", views.profile, name="profile"),
    path("account/data/", views.own_data_file, name="own-data"),
    path("account/blocks/", views.blocked, name="blocks"),
    path("account/addresses/", address_views.addresses, name="addresses"),
    path("account/addresses/<slug:purpose>/make/", address_views.make_address, name="make-address"),
    path("account/addresses/<slug:purpose>/end/", address_views.revoke_address, name="revoke-address"),
    path("account/welcome/", views.waiting, name="waiting"),
    path("privacy/", views.policy, {"kind": "privacy_notice"}, name="privacy"),
    path("rules/", views.policy, {"kind": "community_rules"}, name="rules"),
]
