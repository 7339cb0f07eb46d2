"""The roles and their permissions."""

from django.db import migrations

from partnerportal.accounts.roles import grant_roles


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_initial"),
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
        ("jobs", "0001_initial"),
        ("records", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant_roles, migrations.RunPython.noop)]
