"""Search finds a patient by chart number and by any phone without reading the whole table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_imports")]
    operations = [
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["home_phone"], name="patient_by_home_phone"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["work_phone"], name="patient_by_work_phone"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["health_record_id"], name="patient_by_chart_no"),
        ),
    ]
