from django.urls import path

from portal import sitemaps, starting_views, views

app_name = "portal"
urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/zone/", views.choose_zone, name="choose-zone"),
    path("today/interests/", views.choose_interests, name="choose-interests"),
    path("today/skip/<slug:step>/", views.skip_step, name="skip-step"),
    path("groups/start/", starting_views.start_group, name="start-group"),
    path("search/", views.search, name="search"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
