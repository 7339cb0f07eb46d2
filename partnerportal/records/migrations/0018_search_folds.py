"""Search folds accents and case, and takes beginnings of chart numbers and codes; each by an index."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

from partnerportal.kernel.folding import begins_index, contains_index

# Everything is named with its schema: indexes are built anew by pg_restore under an empty search path.
FOLD = """
CREATE FUNCTION public.portal_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(public.unaccent('public.unaccent'::regdictionary, $1))
"""
CONTAINED = (
    ("patient", "last_name", "patient_last_folded"),
    ("patient", "first_name", "patient_first_folded"),
    ("doctor", "last_name", "doctor_last_folded"),
    ("doctor", "first_name", "doctor_first_folded"),
    ("enterprise", "name", "enterprise_name_folded"),
    ("practice", "name", "practice_name_folded"),
    ("practice", "city", "practice_city_folded"),
)
BEGUN = (
    ("patient", "health_record_id", "patient_chart_begins"),
    ("doctor", "npi", "doctor_npi_begins"),
    ("doctor", "provider_code", "doctor_code_begins"),
    ("doctor", "source_id", "doctor_source_begins"),
    ("enterprise", "source_id", "enterprise_source_begins"),
    ("invoice", "claim_number", "invoice_claim_begins"),
)


class Migration(migrations.Migration):
    dependencies = [("records", "0017_history_dated_by_the_database")]
    operations = [
        UnaccentExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION public.portal_fold(text)"),
        migrations.RemoveIndex(model_name="patient", name="patient_last_trgm"),
        migrations.RemoveIndex(model_name="patient", name="patient_first_trgm"),
        migrations.RemoveIndex(model_name="patient", name="patient_by_chart_no"),
        *(
            migrations.AddIndex(model_name=model, index=contains_index(column, name))
            for model, column, name in CONTAINED
        ),
        *(
            migrations.AddIndex(model_name=model, index=begins_index(column, name))
            for model, column, name in BEGUN
        ),
    ]
