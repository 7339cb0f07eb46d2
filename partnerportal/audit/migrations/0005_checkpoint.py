"""This database's side of the checkpoint: one row, which belongs to no database until the first comparison."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_dated_by_the_database")]
    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("deployment", models.UUIDField()),
                ("incarnation", models.CharField(blank=True, max_length=120)),
                ("restores", models.IntegerField(default=0)),
                ("restored_at", models.DateTimeField(null=True)),
                ("resume_at", models.DateTimeField(null=True)),
                ("permit", models.CharField(blank=True, max_length=120)),
                ("valid_until", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("problem_since", models.DateTimeField(null=True)),
            ],
            options={"db_table": "audit_checkpoint"},
        ),
        migrations.RunSQL(
            "INSERT INTO audit_checkpoint (id, deployment, incarnation, restores, permit, problem)"
            " VALUES (1, gen_random_uuid(), '', 0, '', '')",
            migrations.RunSQL.noop,
        ),
    ]
