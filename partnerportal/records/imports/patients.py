"""Patients in files: Synthea's headings and those of practice-management systems. Pure."""

from __future__ import annotations

from typing import Any

from partnerportal.records.imports import cells
from partnerportal.records.imports.kinds import Column, Kind, Values, address_columns, finish_address, folded
from partnerportal.records.imports.names import FIRST, LAST, MIDDLE, split_name
from partnerportal.records.models import Patient

COLUMNS = (
    Column(
        "health_record_id",
        "Chart no.",
        (
            "chartnumber", "chartno", "chartid", "chart", "mrn", "medicalrecordnumber", "medicalrecordno",
            "healthrecordid", "patientnumber", "patientno", "patientid", "ptid", "accountnumber", "accountno",
            "acctnumber", "acct", "account", "recordnumber", "externalid", "number", "id",
        ),
        limit=120,
    ),
    Column("last_name", "Last name", LAST, is_name=True),
    Column("first_name", "First name", FIRST, is_name=True),
    Column("middle_name", "Middle name", MIDDLE, is_name=True),
    Column("full_name", "Whole name", ("fullname", "patientname", "name", "patient"), is_name=True),
    Column(
        "date_of_birth",
        "Date of birth",
        ("dateofbirth", "birthdate", "dob", "birthday", "born", "birth", "bdate"),
        is_date=True,
    ),
    Column(
        "died",
        "Date of death",
        ("deathdate", "dateofdeath", "dod", "deceaseddate", "deceasedon"),
        is_date=True,
    ),
    Column("sex", "Sex", ("sex", "gender", "birthsex", "sexatbirth", "legalsex"), cells.sex),
    Column(
        "ssn",
        "SSN",
        ("ssn", "socialsecuritynumber", "socialsecurity", "socialsecurityno", "ssnumber", "socsec"),
        cells.ssn,
        is_secret=True,
    ),
    Column("email", "E-mail", ("email", "emailaddress", "mail", "email1", "primaryemail"), cells.email),
    Column(
        "cell_phone",
        "Cell phone",
        ("cellphone", "cell", "mobile", "mobilephone", "mobilenumber", "cellular", "phonecell"),
        cells.phone,
        limit=40,
    ),
    Column(
        "home_phone",
        "Home phone",
        (
            "homephone", "phonehome", "homephonenumber", "phone", "phonenumber", "telephone", "tel",
            "primaryphone", "phone1", "contactnumber",
        ),
        cells.phone,
        limit=40,
    ),
    Column(
        "work_phone",
        "Work phone",
        ("workphone", "phonework", "businessphone", "officephone", "work"),
        cells.phone,
        limit=40,
    ),
    *address_columns(),
    Column(
        "practice",
        "Practice",
        (
            "practice", "practicename", "clinic", "clinicname", "facility", "facilityname", "office",
            "officename",
        ),
    ),
    Column("language", "Language", ("language", "preferredlanguage", "primarylanguage", "lang"), limit=60),
    Column("marital_status", "Marital status", ("maritalstatus", "marital"), cells.marital, limit=60),
    Column("sms_opt_out", "No text messages", ("smsoptout", "nosms", "notexts", "textoptout"), cells.flag),
    Column("phone_opt_out", "No phone calls", ("phoneoptout", "nocalls", "calloptout"), cells.flag),
)  # fmt: skip


def _likeness(record: Any) -> tuple[Any, ...] | None:
    """Name and date of birth. Without a birth date two people of one name are not told apart: no likeness."""
    born, last = record.date_of_birth, record.last_name
    return (*folded(record.first_name, last), born) if born and last else None


def _finish(values: Values) -> list[str]:
    repaired = [*split_name(values), *finish_address(values)]
    values.pop("suffix", None)  # no place for it on a patient
    return repaired


PATIENTS = Kind(
    name="patients",
    noun="patient",
    one="patient",
    many="patients",
    model=Patient,
    columns=COLUMNS,
    required=("last_name", "full_name"),
    keys=("health_record_id",),
    same=("date_of_birth", "last_name", "first_name", "full_name"),
    likeness=_likeness,
    finish=_finish,
)
