"""Plans without a person, and claims that touch no index: room on the pages for the versions of a row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ROOM = """
ALTER TABLE delivery_delivery SET (fillfactor = 70);
ALTER TABLE delivery_attempt SET (fillfactor = 80);
"""
NO_ROOM = """
ALTER TABLE delivery_delivery RESET (fillfactor);
ALTER TABLE delivery_attempt RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0005_plans_brakes_asides"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="staff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveIndex(model_name="delivery", name="delivery_leases"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "in_flight")), fields=["id"], name="delivery_in_flight"
            ),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
