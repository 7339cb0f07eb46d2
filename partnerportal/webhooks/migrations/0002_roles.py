"""The roles may see events and endpoints; administrators change endpoints."""

from django.db import migrations

from partnerportal.accounts.roles import grant_roles


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_initial"),
        ("delivery", "0008_money_roles"),
        ("accounts", "0002_staff_invited_at"),
        ("audit", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant_roles, migrations.RunPython.noop)]
