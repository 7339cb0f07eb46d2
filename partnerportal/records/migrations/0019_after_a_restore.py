"""What a restored database needs to find what it had sent: our references there, and the ids at that time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0018_search_folds")]
    operations = [
        migrations.AddField("sighting", "reference", models.UUIDField(null=True)),
        migrations.AddIndex(
            "sighting",
            models.Index(
                condition=models.Q(("reference__isnull", False)),
                fields=["reference"],
                name="sighting_by_reference",
            ),
        ),
        migrations.AddField("floor", "restored", models.BigIntegerField(null=True)),
        migrations.AddField("floor", "read_at", models.DateTimeField(null=True)),
    ]
