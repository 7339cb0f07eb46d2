"""What was typed into Try It is kept for a day, encrypted, so that Back finds a page and not a form's POST."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import partnerportal.kernel.fields


class Migration(migrations.Migration):
    dependencies = [("explorer", "0001_trials"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("operation", models.CharField(max_length=60)),
                ("said", partnerportal.kernel.fields.EncryptedJSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("detail", partnerportal.kernel.fields.EncryptedJSONField(null=True)),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
