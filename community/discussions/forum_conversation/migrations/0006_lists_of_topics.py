from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("forum_conversation", "0005_cases_stay_among_colleagues")]

    operations = [
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["forum", "-created", "-id"], name="newest_topics_of_a_forum"),
        ),
        migrations.AddIndex(
            model_name="topic", index=models.Index(fields=["-last_post_on", "-id"], name="topics_by_activity")
        ),
        migrations.AddIndex(model_name="topic", index=models.Index(fields=["-created", "-id"], name="newest_topics")),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                fields=["-last_post_on", "-id"], condition=Q(("solved_at__isnull", False)), name="solved_topics"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["topic", "position"], condition=Q(("helped_at__isnull", False)), name="posts_that_helped"
            ),
        ),
    ]
