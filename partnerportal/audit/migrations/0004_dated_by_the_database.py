"""No audit row can be dated back (law 2): the database gives the time, and takes none but that of now.

A content is bound to the time of its row, so whoever writes it asks the database for the time first. A minute
is far more than lies between the question and the INSERT.
"""

from django.db import migrations

COLUMNS = {"audit_exchange": "started_at", "audit_answer": "answered_at", "audit_entry": "at"}

DATE = """
CREATE FUNCTION {table}_is_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.{column} IS NULL OR NEW.{column} = transaction_timestamp() THEN
        NEW.{column} := clock_timestamp();
    ELSIF NEW.{column} NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() THEN
        RAISE EXCEPTION 'an audit row is dated by the database''s clock, and not more than a minute late'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dated_by_the_database BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_dated();
"""
UNDO = "DROP TRIGGER dated_by_the_database ON {table}; DROP FUNCTION {table}_is_dated();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_changes_are_listed")]
    operations = [
        migrations.RunSQL(DATE.format(table=table, column=column), UNDO.format(table=table))
        for table, column in COLUMNS.items()
    ]
