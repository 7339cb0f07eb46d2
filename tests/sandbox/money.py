"""A patient's books at the sandbox, written through its API: invoices, payments, what is applied to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.caller import Caller, Seen

DAY = "2026-03-03"


@dataclass
class Books:
    """Everything is of one `patient` unless said otherwise; amounts in cents."""

    api: Caller
    enterprise: int
    practice: int
    patient: int

    def line(self, cents: int, insured: int = 0, **more: Any) -> dict[str, Any]:
        sent = {"description": "Visit", "total_charge_amount_cents": cents}
        return {**sent, "insurance_owed_amount_cents": insured, **more}

    def invoice(self, *lines: tuple[int, int], **more: Any) -> int:
        """Its id; a line is (charge, owed by insurance)."""
        rows = [self.line(*one) for one in lines]
        sent = {"patient_id": self.patient, "practice_id": self.practice, "date_of_service": DAY}
        made = self.api.create("invoice", **{**sent, "line_items_attributes": rows, **more})
        return int(made["id"])

    def add(self, invoice: int, cents: int, insured: int = 0, **more: Any) -> int:
        return int(
            self.api.create("line_item", invoice_id=invoice, **self.line(cents, insured, **more))["id"]
        )

    def payment(self, cents: int, method: str = "cash", **more: Any) -> int:
        sent = {"patient_id": self.patient, "expected_amount_cents": cents, "payment_method_type": method}
        return int(self.api.create("payment", **{**sent, "apply_payment": False, **more})["id"])

    def apply(self, payment: int, invoice: int, cents: int, **more: Any) -> int:
        sent = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": cents}
        return int(self.api.create("invoice_payment", **sent, **more)["id"])

    def refund(self, payment: int, cents: int) -> int:
        seen = self.adjust(payment, cents, voided=False)
        assert seen.status == 201, seen
        return int(seen.json["payment_adjustment"]["id"])

    def void(self, payment: int, cents: int) -> None:
        seen = self.adjust(payment, cents, voided=True)
        assert seen.status == 201, seen

    def adjust(self, payment: int, cents: Any, **beside: Any) -> Seen:
        body = {**beside, "payment_adjustment": {"payment_id": payment, "amount_cents": cents}}
        return self.api.call("POST", "/payment_adjustments", body)

    def write_off(self, cents: int) -> int:
        code = self.api.create("write_off_code", enterprise_id=self.enterprise, code="044")["id"]
        sent = {"patient_id": self.patient, "date": DAY, "write_off_code_id": code, "amount_cents": cents}
        return int(self.api.create("write_off", **sent)["id"])

    def change(self, noun: str, record_id: int, **attributes: Any) -> Seen:
        body = {"id": record_id, noun: attributes}
        return self.api.call("PUT", f"/{noun}s/{record_id}", body)

    def read(self, noun: str, record_id: int) -> dict[str, Any]:
        return dict(self.api.get(f"/{noun}s/{record_id}")[noun])

    @property
    def owes(self) -> int:
        return int(self.read("patient", self.patient)["balance_cents"])

    def owed_on(self, invoice: int) -> tuple[int, int]:
        """The invoice's balance and what insurance still owes on it."""
        found = self.read("invoice", invoice)
        return found["balance_cents"], found["total_insurance_balance_cents"]


def refused(seen: Seen) -> Any:
    """The messages of a refusal."""
    assert seen.status == 422, seen
    return seen.json["errors"]
