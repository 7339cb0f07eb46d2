"""What failed and was sent again was called cancelled: it says again that it failed."""

from django.db import migrations

RESTORE = """
UPDATE delivery_delivery SET state = 'failed', reason = split_part(cause_key, ':', 1)
WHERE state = 'cancelled' AND reason = 'superseded' AND cause_key <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0010_open_money_by_account")]
    operations = [migrations.RunSQL(RESTORE, migrations.RunSQL.noop)]
