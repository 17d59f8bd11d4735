import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussions", "0004_who_is_mentioned"),
        ("forum_conversation", "0004_held_posts_have_no_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerTopic",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_topics",
                        to="forum_conversation.topic",
                    ),
                ),
            ],
        ),
    ]
