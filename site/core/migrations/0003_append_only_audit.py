from django.db import migrations

# What was written stays as it was written, whoever is connected: no UPDATE, no DELETE, no TRUNCATE. Who owns the table
# can take the triggers off, and that is the line between whoever runs the site and whoever runs the database.
# pg_dump creates triggers after the rows, so a backup comes back; ON UPDATE/DELETE of other tables never reach here,
# since there are no foreign keys.
FORWARDS = """
CREATE FUNCTION core_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;

CREATE TRIGGER core_audit_keeps_rows BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_audit_change();
CREATE TRIGGER core_audit_keeps_table BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_audit_change();
ALTER TABLE core_auditentry ENABLE ALWAYS TRIGGER core_audit_keeps_rows;
ALTER TABLE core_auditentry ENABLE ALWAYS TRIGGER core_audit_keeps_table;
"""

BACKWARDS = """
DROP TRIGGER core_audit_keeps_table ON core_auditentry;
DROP TRIGGER core_audit_keeps_rows ON core_auditentry;
DROP FUNCTION core_refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_trail")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
