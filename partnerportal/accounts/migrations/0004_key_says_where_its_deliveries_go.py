import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_checklist_hidden_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="moves_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takes_over",
                to="accounts.apikey",
            ),
        ),
    ]
