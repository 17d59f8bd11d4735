from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("forum_conversation", "0003_hidden_posts_say_so"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="position",
            field=models.PositiveIntegerField(null=True, verbose_name="position in the topic"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=Q(("approved", False), ("position__isnull", False), _connector="OR"),
                name="a_post_that_is_read_has_a_place",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=Q(("removed", ""), _negated=True), fields=["-removed_at"], name="removed_posts"
            ),
        ),
        migrations.AddIndex(
            model_name="topic", index=models.Index(fields=["first_post"], name="topics_by_first_post")
        ),
        migrations.AddIndex(model_name="topic", index=models.Index(fields=["last_post"], name="topics_by_last_post")),
    ]
