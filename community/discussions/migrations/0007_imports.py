import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussions", "0006_pictures_say_what_they_show"),
        ("forum", "0003_retention_and_opening"),
        ("forum_conversation", "0006_lists_of_topics"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForumImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("place", models.PositiveBigIntegerField(default=0)),
                ("number", models.PositiveIntegerField(default=0)),
                ("errors_size", models.PositiveBigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="forum.forum"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("forum", "digest"), name="an_archive_comes_once_into_a_forum")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.forum",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="forum_conversation.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("post__isnull", False)), fields=["post"], name="imported_posts")
                ],
                "constraints": [models.UniqueConstraint(fields=("forum", "key"), name="imported_once_into_a_forum")],
            },
        ),
    ]
