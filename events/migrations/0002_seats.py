from django.db import migrations

# The counters of an occurrence always agree with its RSVPs, whoever writes them; and a seat beyond the capacity is
# refused by the database itself. Lowering the capacity below the number of those who come is allowed: it throws nobody
# out, and only the next seat is refused. The update of the occurrence's row also makes all seats of one meeting queue
# up behind each other, should anything ever forget the lock.
FORWARDS = """
CREATE FUNCTION events_count_rsvp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.occurrence_id = NEW.occurrence_id THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE events_occurrence
        SET going_count = going_count - (OLD.state = 'going')::int,
            waiting_count = waiting_count - (OLD.state = 'waiting')::int
        WHERE id = OLD.occurrence_id AND OLD.state IN ('going', 'waiting');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE events_occurrence
        SET going_count = going_count + (NEW.state = 'going')::int,
            waiting_count = waiting_count + (NEW.state = 'waiting')::int
        WHERE id = NEW.occurrence_id AND NEW.state IN ('going', 'waiting')
            AND (NEW.state = 'waiting' OR capacity IS NULL OR going_count < capacity);
        IF NOT FOUND AND NEW.state = 'going' THEN
            RAISE EXCEPTION 'occurrence % has no seat left', NEW.occurrence_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'occurrence_has_a_seat_left';
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_count_rsvp AFTER INSERT OR DELETE OR UPDATE OF state, occurrence_id ON events_rsvp
    FOR EACH ROW EXECUTE FUNCTION events_count_rsvp();
"""

BACKWARDS = """
DROP TRIGGER events_count_rsvp ON events_rsvp;
DROP FUNCTION events_count_rsvp();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
