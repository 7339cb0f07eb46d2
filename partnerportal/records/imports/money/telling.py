"""Which kind of money a file holds, by its columns. Imports the kinds and the reading."""

from __future__ import annotations

from functools import partial

from partnerportal.records.imports import columns
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.money.kinds import CHARGES, OPENINGS, PAYMENTS
from partnerportal.records.imports.reading import open_table

_OF_CHARGES = {"service_code", "description", "quantity", "total_charge_amount_cents", "row_type", "doctor"}
_OF_PAYMENTS = {"method", "source", "paid_on", "reason"}


def kind_of(data: bytes) -> Kind:
    """Charges where there is anything of a charge, payments where an amount has only a way to pay beside it,
    else opening balances. Raises Refusal for what is no table.
    """
    headings = open_table(data, partial(columns.score, CHARGES)).headings
    of_charges = set(columns.recognise(CHARGES, headings))
    if of_charges & _OF_CHARGES or ("date_of_service" in of_charges and not of_charges & _OF_PAYMENTS):
        return CHARGES
    if of_charges & _OF_PAYMENTS:
        return PAYMENTS
    return OPENINGS if "balance_cents" in columns.recognise(OPENINGS, headings) else CHARGES
