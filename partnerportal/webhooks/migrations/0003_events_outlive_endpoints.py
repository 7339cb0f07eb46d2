"""A database that was migrated while 0001 still bound each event to its endpoint's row loses that binding."""

from django.db import migrations

DROP = """
DO $$
DECLARE
    bound name;
BEGIN
    FOR bound IN
        SELECT conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid = 'webhooks_event'::regclass AND confrelid = 'records_endpoint'::regclass
    LOOP
        EXECUTE format('ALTER TABLE webhooks_event DROP CONSTRAINT %I', bound);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_roles"), ("records", "0010_endpoint")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
