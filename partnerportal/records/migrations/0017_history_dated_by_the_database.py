"""The database says when a record was changed, whatever an INSERT into its history says.

And who changed it (pghistory's context) is settled a day later: pghistory renews a context's row while its
request or task lasts, so the services' role must be able to, but nobody rewrites what is older. A new history
table gets the first trigger in the migration that makes it: DATE from here.
"""

from django.db import migrations

TABLES = (
    "records_doctorevent", "records_endpointevent", "records_enterpriseevent", "records_invoiceevent",
    "records_invoicepaymentevent", "records_lineitemevent", "records_patientevent",
    "records_paymentadjustmentevent", "records_paymentevent", "records_practiceevent", "records_writeoffevent",
)
FUNCTIONS = """
CREATE FUNCTION history_is_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pgh_created_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE FUNCTION history_context_is_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.created_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE FUNCTION history_context_is_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.created_at < clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'who changed a record is settled a day later'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dated_by_the_database BEFORE INSERT ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION history_context_is_dated();
CREATE TRIGGER settled_after_a_day BEFORE UPDATE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION history_context_is_settled();
"""
NO_FUNCTIONS = """
DROP TRIGGER dated_by_the_database ON pghistory_context;
DROP TRIGGER settled_after_a_day ON pghistory_context;
DROP FUNCTION history_is_dated(), history_context_is_dated(), history_context_is_settled();
"""
DATE = """
CREATE TRIGGER dated_by_the_database BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION history_is_dated();
"""
UNDO = "DROP TRIGGER dated_by_the_database ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0016_a_second_record_there"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *(migrations.RunSQL(DATE.format(table=table), UNDO.format(table=table)) for table in TABLES),
    ]
