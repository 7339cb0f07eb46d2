"""Whose a visit is, where it was and with whom: one patient, practice and doctor for all its rows.

Imports desk, here, names.
"""

from __future__ import annotations

from partnerportal.records.imports.money.desk import Desk
from partnerportal.records.imports.money.here import opening_claim
from partnerportal.records.imports.money.names import PRACTICE
from partnerportal.records.imports.money.visit import FileVisit
from partnerportal.records.imports.rows import Row
from partnerportal.records.models import Invoice, Patient


def find_patient(desk: Desk, found: FileVisit) -> None:
    """One patient for all rows; a payment that names a claim needs no chart number."""
    first: tuple[Patient, int] | None = None
    for row in found.rows:
        patient = _charted(desk, row)
        if patient is not None and first is None:
            first = (patient, row.line)
        elif patient is not None and first is not None and patient.pk != first[0].pk:
            chart = str(row.values["chart_no"])
            desk.problem(
                row, "chart_no", chart, f"is another patient than in line {first[1]:,}",
                "a claim is for one patient: correct one of the lines",
            )  # fmt: skip
    known = found.invoice or (desk.here.named(found.claim) if found.claim else None)
    if first is not None:
        found.patient = first[0]
    elif known is not None:
        found.patient = desk.here.patients.get(known.patient_id)
    _agree(desk, found, known)


def _charted(desk: Desk, row: Row) -> Patient | None:
    chart = str(row.values.get("chart_no") or "")
    patient = desk.here.patient(chart) if chart else None
    if chart and patient is None:
        why = "is no chart number of a patient here"
        desk.problem(row, "chart_no", chart, why, "import the patient first")
    return patient


def _agree(desk: Desk, found: FileVisit, known: Invoice | None) -> None:
    row, patient = found.rows[0], found.patient
    if patient is None:
        if not row.problems:
            desk.problem(row, "chart_no", "", "names no patient", "write the chart number")
        return
    if known is not None and known.patient_id != patient.pk:
        desk.problem(
            row, "claim_number", found.claim, f"is {known.short_id} of another patient",
            "correct the claim number or the chart number",
        )  # fmt: skip
    if patient.removed:
        row.as_problem("", "", f"{patient.short_id} was removed", "nothing is billed to them any more")


def find_place(desk: Desk, found: FileVisit) -> None:
    """Day, doctor and practice of a visit with charges; the earliest day where lines have several."""
    days = [line.charge.date_of_service for line in found.lines if line.charge.date_of_service]
    found.day = min(days, default=None)
    if desk.kind == "opening_balances":
        found.day = found.day or desk.today
        found.claim = opening_claim(found.patient) if found.patient else ""
    first = found.lines[0].row
    if found.day is None and not first.problems:
        desk.problem(first, "date_of_service", "", "has no date of service", "write 2026-11-24")
    said = [line.row.values["estimate"] for line in found.lines if "estimate" in line.row.values]
    found.estimate = any(said) if said else None
    for line in found.lines:
        _doctor(desk, found, line.row)
        _practice(desk, found, line.row)


def _doctor(desk: Desk, found: FileVisit, row: Row) -> None:
    doctor = desk.placed(row, "doctor", desk.names.doctor)
    if doctor is not None and found.doctor is not None and doctor.pk != found.doctor.pk:
        desk.problem(
            row, "doctor", str(row.values["doctor"]), "is another doctor than in an earlier line",
            "a claim has one doctor: give the line a claim number of its own",
        )  # fmt: skip
    found.doctor = found.doctor or doctor


def _practice(desk: Desk, found: FileVisit, row: Row) -> None:
    patient = found.patient
    if patient is None:
        return
    if not desk.names.has_practices:
        row.as_problem("", "", "the enterprise has no practice yet", "add one on the enterprise's page")
    elif found.practice is None or row.values.get("practice"):
        practice = desk.placed(row, PRACTICE, lambda text: desk.names.practice(text, patient))
        if practice is not None and found.practice is not None and practice.pk != found.practice.pk:
            desk.problem(
                row, "practice", str(row.values["practice"]), "is another practice than in an earlier line",
                "a claim has one practice: give the line a claim number of its own",
            )  # fmt: skip
        found.practice = found.practice or practice
