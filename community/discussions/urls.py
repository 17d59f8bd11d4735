from django.urls import path

from community.discussions import moderation_views, views, writing_views

app_name = "discussions"
urlpatterns = [
    path("", views.forum_list, name="list"),
    path("group/<slug:slug>/", views.group_forum, name="group"),
    path("group/<slug:slug>/new/", views.group_new_topic, name="group-new"),
    path("post/<int:post_id>/", views.post, name="post"),
    path("post/<int:post_id>/edit/", writing_views.edit, name="edit"),
    path("unfollow/<str:token>/", views.unfollow, name="unfollow"),
    path("<slug:forum_slug>/", views.forum, name="forum"),
    path("<slug:forum_slug>/read/", views.mark_read, name="mark-read"),
    path("<slug:forum_slug>/new/", writing_views.new_topic, name="new"),
    path("<slug:forum_slug>/<int:topic_id>-<slug:slug>/", views.topic, name="topic"),
    path("<slug:forum_slug>/<int:topic_id>-<slug:slug>/reply/", writing_views.reply, name="reply"),
    path("<slug:forum_slug>/<int:topic_id>-<slug:slug>/follow/", views.follow, name="follow"),
    path("<slug:forum_slug>/<int:topic_id>-<slug:slug>/move/", moderation_views.move, name="move"),
]
