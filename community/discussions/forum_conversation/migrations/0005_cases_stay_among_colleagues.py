from django.db import migrations, models

CASES_STAY = """
CREATE FUNCTION cases_are_for_colleagues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- the lock keeps the audience as it is until this is committed
    PERFORM 1 FROM forum_forum
        WHERE id = NEW.forum_id AND audience IN ('practitioners', 'group') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A case consultation is read by practitioners or one group, and by nobody else.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_are_for_colleagues';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_are_for_colleagues
    BEFORE INSERT OR UPDATE OF kind, forum_id ON forum_conversation_topic
    FOR EACH ROW WHEN (NEW.kind = 'case') EXECUTE FUNCTION cases_are_for_colleagues();

CREATE FUNCTION forums_of_cases_stay_narrow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM forum_conversation_topic WHERE forum_id = NEW.id AND kind = 'case') THEN
        RAISE EXCEPTION 'A forum with case consultations is read by practitioners or one group.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'forums_of_cases_stay_narrow';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forums_of_cases_stay_narrow
    BEFORE UPDATE OF audience ON forum_forum
    FOR EACH ROW WHEN (NEW.audience NOT IN ('practitioners', 'group')) EXECUTE FUNCTION forums_of_cases_stay_narrow();
"""
CASES_GO_ANYWHERE = """
DROP TRIGGER forums_of_cases_stay_narrow ON forum_forum;
DROP FUNCTION forums_of_cases_stay_narrow();
DROP TRIGGER cases_are_for_colleagues ON forum_conversation_topic;
DROP FUNCTION cases_are_for_colleagues();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forum_conversation", "0004_held_posts_have_no_place"),
        ("forum", "0003_retention_and_opening"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="end_chosen_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="end chosen"),
        ),
        migrations.RunSQL(CASES_STAY, CASES_GO_ANYWHERE),
    ]
