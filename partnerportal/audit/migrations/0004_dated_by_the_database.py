"""The database says when something happened, whatever an INSERT says: no row can be dated back (law 2)."""

from django.db import migrations

COLUMNS = {"audit_exchange": "started_at", "audit_answer": "answered_at", "audit_entry": "at"}

DATE = """
CREATE FUNCTION {table}_is_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.{column} := clock_timestamp();
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
