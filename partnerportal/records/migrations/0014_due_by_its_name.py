"""A database that was migrated while 0011 still said `standing` gets the name that it says now: `due`."""

from django.db import migrations

RENAME = """
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = 'records_invoice' AND column_name = 'standing'
    ) THEN
        ALTER TABLE records_invoice RENAME COLUMN standing TO due;
        ALTER INDEX invoice_by_standing RENAME TO invoice_by_due;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0013_unsent_invoices")]
    operations = [migrations.RunSQL(RENAME, migrations.RunSQL.noop)]
