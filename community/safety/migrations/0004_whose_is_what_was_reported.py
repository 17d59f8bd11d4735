from django.db import migrations

# Open reports of posts, made before the author and the group were kept with them. The tables of the discussions are
# there on a site that has reports of posts, and need not be on one that is new.
FILL = """
DO $$ BEGIN
    IF to_regclass('forum_conversation_post') IS NOT NULL AND to_regclass('safety_report') IS NOT NULL THEN
        EXECUTE $fill$
            UPDATE safety_report SET author_id = post.poster_id,
                circle_id = CASE WHEN forum.audience = 'group' THEN forum.group_id END
            FROM forum_conversation_post post
            JOIN forum_conversation_topic topic ON topic.id = post.topic_id
            JOIN forum_forum forum ON forum.id = topic.forum_id
            WHERE safety_report.kind = 'post' AND safety_report.target_id = post.id AND safety_report.closed_at IS NULL
        $fill$;
        EXECUTE $fill$
            UPDATE safety_disclosure SET author_id = post.poster_id FROM forum_conversation_post post
            WHERE safety_disclosure.kind = 'post' AND safety_disclosure.target_id = post.id
        $fill$;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_decisions_and_sanctions")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
