"""What is here already of a chunk's visits: patients, invoices with their lines, payments. Imports models.

For writing, the accounts are locked first, in the order of their keys, and all else is read after that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from partnerportal.kernel import ids
from partnerportal.records import locks
from partnerportal.records.imports.rows import Row
from partnerportal.records.models import Enterprise, Invoice, LineItem, Patient, Payment, PaymentReason

_SEEN = ("pk", "enterprise_id", "practice_id", "health_record_id", "remote_id", "removed", "version")


class Here:
    """`lines`: {invoice: its lines, deleted ones too}, oldest first. Answers stay encrypted where unread."""

    def __init__(self, enterprise: Enterprise, rows: Sequence[Row], *, lock: bool, opening: bool) -> None:
        self._enterprise = enterprise
        charts, claims = _said(rows, "chart_no"), _said(rows, "claim_number")
        named = self._invoices(claims)
        pks = self._charted(charts)
        self.patients = self._held({*pks.values(), *(i.patient_id for i in named.values())}, lock=lock)
        self._by_chart = {chart: self.patients[pk] for chart, pk in pks.items() if pk in self.patients}
        openings = {opening_claim(patient) for patient in self._by_chart.values()} if opening else set()
        self._named = self._invoices(claims | openings) if lock or openings else named
        self._visits = self._visits_of([patient.pk for patient in self._by_chart.values()], rows)
        invoices = {i.pk for i in (*self._named.values(), *(v for vs in self._visits.values() for v in vs))}
        if lock:
            locks.ids(LineItem.objects.filter(invoice__in=invoices))
        self.lines: dict[int, list[LineItem]] = defaultdict(list)
        for line in LineItem.objects.filter(invoice__in=invoices).order_by("pk"):
            self.lines[line.invoice_id].append(line)
        stamps = {stamp for row in rows if row.stamp for stamp in (row.stamp, f"{row.stamp}i")}
        payments = Payment.objects.filter(enterprise=enterprise, source_key__in=stamps)
        self.payments: dict[str, Payment] = {p.source_key: p for p in payments}
        codes = PaymentReason.objects.filter(enterprise=enterprise, code__in=_said(rows, "reason"))
        self.reasons: dict[str, PaymentReason] = {row.code: row for row in codes}

    def patient(self, chart: str) -> Patient | None:
        return self._by_chart.get(chart)

    def named(self, claim: str) -> Invoice | None:
        """By claim number, or by our own id: I-12."""
        return self._named.get(claim)

    def visits(self, patient: Patient, day: date) -> list[Invoice]:
        """Invoices of that day without a claim number, deleted ones last."""
        return self._visits.get((patient.pk, day), [])

    def _charted(self, charts: set[str]) -> dict[str, int]:
        """Chart number → patient; one joined into another leads to that one."""
        rows = Patient.objects.filter(enterprise=self._enterprise, health_record_id__in=charts)
        found = rows.values_list("health_record_id", "pk", "joined__survivor")
        return {chart: survivor or pk for chart, pk, survivor in found}

    def _held(self, pks: set[int], *, lock: bool) -> dict[int, Patient]:
        rows = Patient.objects.filter(pk__in=pks, enterprise=self._enterprise).only(*_SEEN).order_by("pk")
        if lock:
            locks.hold_all(rows.values_list("pk", flat=True))
        return {patient.pk: self._with_enterprise(patient) for patient in rows}

    def _with_enterprise(self, patient: Patient) -> Patient:
        patient.enterprise = self._enterprise
        return patient

    def _invoices(self, claims: set[str]) -> dict[str, Invoice]:
        rows = Invoice.objects.filter(enterprise=self._enterprise).select_related("doctor", "practice")
        found = {i.claim_number: i for i in rows.filter(claim_number__in=claims)}
        own = {claim: pk for claim in claims - set(found) if (pk := _own_id(claim))}
        by_pk = rows.in_bulk(list(own.values())) if own else {}
        return {**found, **{claim: by_pk[pk] for claim, pk in own.items() if pk in by_pk}}

    def _visits_of(
        self, patients: Iterable[int], rows: Sequence[Row]
    ) -> dict[tuple[int, date], list[Invoice]]:
        days = {row.values["date_of_service"] for row in rows if row.values.get("date_of_service")}
        found: dict[tuple[int, date], list[Invoice]] = defaultdict(list)
        known = Invoice.objects.filter(patient__in=list(patients), date_of_service__in=days, claim_number="")
        for invoice in known.select_related("doctor", "practice").order_by("deleted", "pk"):
            found[invoice.patient_id, invoice.date_of_service].append(invoice)
        return found


def _said(rows: Sequence[Row], name: str) -> set[str]:
    return {str(row.values[name]) for row in rows if row.values.get(name)}


def _own_id(text: str) -> int | None:
    found = ids.parse(text)
    return found[1] if found and found[0] == "invoice" else None


def opening_claim(patient: Patient) -> str:
    """What a patient's opening balance is known by: there is one."""
    return f"OPENING {patient.short_id}"
