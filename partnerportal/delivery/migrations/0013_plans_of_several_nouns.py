"""A plan holds records of several nouns, and what goes with the chosen ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0012_accepted_creates_by_sameness")]
    operations = [
        migrations.RemoveConstraint(model_name="planitem", name="plan_item_once"),
        migrations.AddField(
            model_name="planitem",
            name="noun",
            field=models.CharField(default="patient", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="planitem", name="why", field=models.CharField(blank=True, max_length=8, default="")
        ),
        migrations.AlterField(
            model_name="planitem", name="why", field=models.CharField(blank=True, max_length=8)
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.UniqueConstraint(fields=("plan", "noun", "record_id"), name="plan_item_once"),
        ),
    ]
