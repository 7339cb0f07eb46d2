"""`import_patients` and `import_enterprises`: exit status, plain lines, problems on stderr, no traceback."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from partnerportal.records.finding import NoSuchEnterprise, SeveralEnterprises, find_enterprise
from partnerportal.records.models import Doctor, Enterprise, Import, Patient
from tests.imports.conftest import SAMPLE

BAD = "MRN,First,Last,DOB\n1,Ann,Lee,1990-01-02\n2,Bo,Ray,1987-13-02\n"


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.csv"
    path.write_text(BAD)
    return str(path)


def test_the_sample_goes_in(enterprise: Enterprise) -> None:
    out, err = run("import_patients", str(SAMPLE / "patients.csv"), "--enterprise", enterprise.short_id)
    assert "300 new patients." in out
    assert "\r" not in out
    assert err == ""
    assert Patient.objects.count() == 300


def test_a_dry_run_imports_nothing(enterprise: Enterprise) -> None:
    out, _ = run(
        "import_patients", str(SAMPLE / "patients.csv"), "--enterprise", enterprise.name, "--dry-run"
    )
    assert "Preview: 300 new patients" in out
    assert not Patient.objects.exists()
    assert Import.objects.get().state == Import.State.CANCELLED


def test_the_good_rows_go_in_and_the_status_says_that_not_all_did(enterprise: Enterprise, bad: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match=r"1 row of bad\.csv stayed out"):
        call_command("import_patients", bad, enterprise=enterprise.short_id, stdout=out, stderr=err)
    assert err.getvalue() == "line 3 · DOB · “1987-13-02” is no date · write 1987-02-13\n"
    assert Patient.objects.get().last_name == "Lee"


def test_enterprises_and_their_doctors(db: None) -> None:
    out, _ = run(
        "import_enterprises", str(SAMPLE / "organizations.csv"), "--doctors", str(SAMPLE / "providers.csv")
    )
    assert "40 new enterprises." in out
    assert "40 new doctors." in out
    assert Doctor.objects.count() == 40


def test_a_file_that_is_no_table_is_one_line(enterprise: Enterprise, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="This is a PDF"):
        run("import_patients", str(path), "--enterprise", enterprise.short_id)


def test_a_file_that_is_not_there(enterprise: Enterprise) -> None:
    with pytest.raises(CommandError, match="there is no file"):
        run("import_patients", "/no/such.csv", "--enterprise", enterprise.short_id)


@pytest.mark.parametrize("text", ["{short_id}", "IH:669", "Birch Family Medicine", "birch family medicine"])
def test_an_enterprise_is_found_by_id_or_exact_name(enterprise: Enterprise, text: str) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(remote_id=669)
    assert find_enterprise(text.format(short_id=enterprise.short_id)) == enterprise


def test_several_enterprises_of_one_name_are_listed(enterprise: Enterprise) -> None:
    other = Enterprise.objects.create(name=enterprise.name, city="Salem")
    with pytest.raises(SeveralEnterprises) as told:
        find_enterprise(enterprise.name)
    assert enterprise.short_id in str(told.value)
    assert other.short_id in str(told.value)


def test_an_unknown_enterprise_says_what_works(db: None) -> None:
    with pytest.raises(NoSuchEnterprise, match="E-12, IH:669"):
        find_enterprise("Nobody")
