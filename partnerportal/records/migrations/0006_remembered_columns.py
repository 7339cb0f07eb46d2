import django.db.models.deletion
from django.db import migrations, models

import partnerportal.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_who_is_who_and_files_out"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="word",
            field=models.CharField(
                choices=[
                    ("not_valid", "Not valid"),
                    ("maybe", "Maybe already here"),
                    ("new", "New"),
                    ("changed", "Changed"),
                    ("unchanged", "Unchanged"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="RememberedColumns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("columns", partnerportal.kernel.fields.EncryptedJSONField(default=dict)),
                ("actor", models.CharField(max_length=190)),
                ("at", models.DateTimeField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remembered_columns",
                        to="records.enterprise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise", "kind"), name="remembered_columns_once")
                ],
            },
        ),
    ]
