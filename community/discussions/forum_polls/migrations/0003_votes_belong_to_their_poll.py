from django.db import migrations, models

SAME_POLL = """
ALTER TABLE forum_polls_topicpolloption
    ADD CONSTRAINT an_answer_and_its_poll UNIQUE (id, poll_id);
ALTER TABLE forum_polls_topicpollvote
    ADD CONSTRAINT a_vote_is_for_an_answer_of_its_poll
    FOREIGN KEY (poll_option_id, poll_id) REFERENCES forum_polls_topicpolloption (id, poll_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
ANY_POLL = """
ALTER TABLE forum_polls_topicpollvote DROP CONSTRAINT a_vote_is_for_an_answer_of_its_poll;
ALTER TABLE forum_polls_topicpolloption DROP CONSTRAINT an_answer_and_its_poll;
"""


class Migration(migrations.Migration):
    dependencies = [("forum_polls", "0002_one_vote")]

    operations = [
        migrations.AddField(
            model_name="topicpoll",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed"),
        ),
        migrations.AddConstraint(
            model_name="topicpolloption",
            constraint=models.UniqueConstraint(fields=("poll", "position"), name="one_answer_a_position"),
        ),
        migrations.RunSQL(SAME_POLL, ANY_POLL),
    ]
