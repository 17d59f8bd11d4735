from django.db import migrations, models

# What stood before is brought into the shape that the constraints ask for.
FILL = """
UPDATE groups_group SET joining = 'invitation', size_limit = 9 WHERE kind = 'consultation';
UPDATE groups_membership SET ending = 'left', role = 'member' WHERE left_at IS NOT NULL;
UPDATE groups_group SET members_count = (
    SELECT count(*) FROM groups_membership WHERE group_id = groups_group.id AND left_at IS NULL
);
"""

# The number of people in a group always agrees with its memberships, whoever writes them; and with the constraint on
# the group's row, the database itself refuses one person more than there are places. A form
# that saves a row it read a while ago brings neither an old count nor an old edition back.
COUNT = """
CREATE FUNCTION groups_count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.left_at IS NULL THEN
        UPDATE groups_group SET members_count = members_count - 1 WHERE id = OLD.group_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.left_at IS NULL THEN
        UPDATE groups_group SET members_count = members_count + 1 WHERE id = NEW.group_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER groups_count_members_made AFTER INSERT OR DELETE ON groups_membership
    FOR EACH ROW EXECUTE FUNCTION groups_count_members();
CREATE TRIGGER groups_count_members_changed AFTER UPDATE OF left_at, group_id ON groups_membership
    FOR EACH ROW WHEN (OLD.left_at IS DISTINCT FROM NEW.left_at OR OLD.group_id <> NEW.group_id)
    EXECUTE FUNCTION groups_count_members();

CREATE FUNCTION groups_keep_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        NEW.members_count := OLD.members_count;
    END IF;
    NEW.edition := greatest(NEW.edition, OLD.edition);
    RETURN NEW;
END $$;

CREATE TRIGGER groups_keep_counts BEFORE UPDATE ON groups_group FOR EACH ROW EXECUTE FUNCTION groups_keep_counts();
"""

UNCOUNT = """
DROP TRIGGER groups_keep_counts ON groups_group;
DROP FUNCTION groups_keep_counts();
DROP TRIGGER groups_count_members_changed ON groups_membership;
DROP TRIGGER groups_count_members_made ON groups_membership;
DROP FUNCTION groups_count_members();
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_agreements_and_doors")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("joining", "open"), ("kind", "chapter")), models.Q(("joining__in", ["open", "request"]), ("kind", "community")), models.Q(("joining__in", ["request", "invitation"]), ("kind", "consultation")), _connector="OR"), name="a_group_is_joined_as_its_kind_is", violation_error_message="A chapter is open, a learning community open or by request, a consultation group by request or invitation."),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("kind", "consultation"), _negated=True), models.Q(("size_limit__isnull", False), ("size_limit__range", (3, 9))), _connector="OR"), name="a_consultation_group_is_small", violation_error_message="A consultation group has three to nine places."),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(condition=models.Q(("size_limit", None), ("members_count__lte", models.F("size_limit")), _connector="OR"), name="a_group_has_no_more_people_than_places", violation_error_message="More people are in this group than that."),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("ending", ""), ("left_at", None)), models.Q(("left_at__isnull", False), ("role", "member"), models.Q(("ending", ""), _negated=True)), _connector="OR"), name="a_membership_ends_somehow"),
        ),
    ]
