"""Names that nothing here answers to are placed by a person once for the enterprise, and remembered."""

from __future__ import annotations

import pytest

from partnerportal.audit.models import Entry
from partnerportal.records.imports import services
from partnerportal.records.models import (
    Doctor,
    Enterprise,
    Import,
    Invoice,
    Payment,
    Practice,
    RememberedNames,
)
from tests.imports.conftest import WHO, Bring
from tests.imports.money_files import Clinic, open_clinic, problems

HEAD = "MRN,Claim,DOS,CPT,Charge,Provider,Location,Copay,Method\n"
FILE = HEAD + "A-1,C1,2026-11-02,99213,100,LEE-OLD-SYSTEM,BLDG 7,20,House account\n"


@pytest.fixture
def clinic(enterprise: Enterprise) -> Clinic:
    return open_clinic(enterprise)


def place(found: Import, clinic: Clinic) -> Import:
    said = {
        "doctor": {"LEE-OLD-SYSTEM": str(clinic.doctor.pk)},
        "practice": {"BLDG 7": str(clinic.practice.pk)},
        "method": {"House account": "check"},
    }
    return services.choose_names(WHO, found, said)


def test_unknown_names_are_listed_and_their_rows_stay_out(checked: Bring, clinic: Clinic) -> None:
    found = checked(FILE, kind="charges")
    assert found.layout["unplaced"] == {
        "doctor": {"LEE-OLD-SYSTEM": 1}, "practice": {"BLDG 7": 1}, "method": {"House account": 1},
    }  # fmt: skip
    assert found.facts["counts"] == {"not_valid": 1}


def test_placed_once_the_file_goes_in_and_the_next_one_by_itself(
    checked: Bring, imported: Bring, clinic: Clinic
) -> None:
    found = place(checked(FILE, kind="charges"), clinic)
    assert found.facts["counts"] == {"new": 1}
    services.confirm(WHO, found)
    assert Invoice.objects.get().doctor == clinic.doctor
    assert Payment.objects.get().method == "check"
    later = imported(FILE.replace("C1", "C2").replace("BLDG 7", "bldg  7"), kind="charges")
    assert later.facts["result"] == {"new": 1}
    assert later.layout["placed"]["practice"] == {"bldg 7": str(clinic.practice.pk)}
    assert Entry.objects.filter(action="import_names_chosen").count() == 1


def test_a_doctor_may_be_said_to_be_nobody(checked: Bring, clinic: Clinic) -> None:
    file = HEAD + "A-1,C1,2026-11-02,99213,100,RESIDENT,,,\n"
    found = services.choose_names(WHO, checked(file, kind="charges"), {"doctor": {"RESIDENT": "-"}})
    services.confirm(WHO, found)
    assert Invoice.objects.get().doctor is None


def test_another_enterprises_doctor_is_no_answer(checked: Bring, clinic: Clinic) -> None:
    other = Enterprise.objects.create(name="Willow", state="MA")
    stranger = Doctor(enterprise=other, first_name="Sam", last_name="Ray")
    stranger.save()
    found = checked(FILE, kind="charges")
    found = services.choose_names(WHO, found, {"doctor": {"LEE-OLD-SYSTEM": str(stranger.pk)}})
    assert "LEE-OLD-SYSTEM" in found.layout["unplaced"]["doctor"]
    assert RememberedNames.objects.get().names == {}


def test_a_name_may_be_forgotten(checked: Bring, clinic: Clinic) -> None:
    found = place(checked(FILE, kind="charges"), clinic)
    found = services.choose_names(WHO, found, {"doctor": {"LEE-OLD-SYSTEM": ""}})
    assert problems(found) == {2: ["is no doctor of this enterprise"]}


def test_of_several_practices_the_patients_own_is_taken_else_asked(checked: Bring, clinic: Clinic) -> None:
    second = Practice(enterprise=clinic.enterprise, name="Annex")
    second.save()
    clinic.ann.practice = second
    clinic.ann.save()
    file = HEAD + "A-1,C1,2026-11-02,99213,100,,,,\nB-2,C2,2026-11-02,99213,100,,,,\n"
    found = checked(file, kind="charges")
    assert problems(found) == {3: ["names no practice, and the enterprise has several"]}
    found = services.choose_names(WHO, found, {"practice": {"": str(clinic.practice.pk)}})
    services.confirm(WHO, found)
    assert dict(Invoice.objects.values_list("claim_number", "practice__name")) == {
        "C1": "Annex", "C2": "Main office",
    }  # fmt: skip
