"""The kinds of files of money: charges (with payments beside them), payments, opening balances. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from partnerportal.records.imports import cells
from partnerportal.records.imports.kinds import Column, Kind
from partnerportal.records.imports.money import readers
from partnerportal.records.imports.money.columns import (
    CHART,
    CLAIM,
    METHOD,
    PAID_ON,
    PAID_WORDS,
    PRACTICE,
    REASON,
    SOURCE,
    paid,
)
from partnerportal.records.models import Invoice, Payment

_CHARGE_COLUMNS = (
    CHART,
    CLAIM,
    Column("row_type", "Kind of row", ("type", "transactiontype", "trantype", "rowtype"), readers.row_type),
    Column(
        "date_of_service",
        "Date of service",
        (
            "dateofservice", "servicedate", "dos", "fromdateofservice", "dosfrom", "fromdate", "servicefrom",
            "visitdate", "encounterdate", "startdate", "date",
        ),
        is_date=True,
    ),
    Column(
        "doctor",
        "Doctor",
        (
            "renderingprovidernpi", "providernpi", "renderingnpi", "npi", "providercode", "providerid",
            "renderingprovider", "provider", "providername", "doctor", "doctorname", "physician",
            "clinician", "rendering",
        ),
        is_name=True,
    ),
    PRACTICE,
    Column(
        "service_code",
        "Code",
        ("cptcode", "cpt", "procedurecode", "cpthcpcs", "hcpcs", "hcpcscode", "servicecode", "proccode",
         "code"),
        limit=60,
    ),
    Column(
        "description",
        "Description",
        ("description", "proceduredescription", "servicedescription", "procedure", "service", "notes",
         "item", "chargedescription"),
    ),
    Column("quantity", "Quantity", ("quantity", "qty", "units", "unit", "daysunits", "count"), readers.units),
    Column(
        "total_charge_amount_cents",
        "Charge each",
        ("chargeeach", "unitcharge", "unitprice", "unitamount", "priceeach", "feeperunit", "chargeperunit",
         "price", "rate"),
        readers.amount,
    ),
    Column(
        "line_total_cents",
        "Charge of the line",
        (
            "totalcharge", "linetotal", "linecharge", "chargetotal", "totalcharges", "chargeamount",
            "charges", "charge", "billedamount", "amountbilled", "billed", "fee", "extendedprice", "amount",
            "total",
        ),
        readers.amount,
    ),
    Column(
        "covered_amount_cents",
        "Covered",
        (
            "coveredamount", "covered", "adjustmentamount", "adjustments", "adjustment", "contractual",
            "contractualadjustment", "insuranceadjustment", "writedown", "discount",
        ),
        readers.reduction,
    ),
    Column(
        "insurance_owed_amount_cents",
        "Insurance still owes",
        (
            "insuranceowed", "insuranceowes", "insurancestillowes", "insurancebalance", "insurancedue",
            "insuranceresponsibility", "insurancepending", "insowed", "insbalance", "payerbalance",
        ),
        readers.amount,
    ),
    Column("tax_amount_cents", "Tax", ("taxamount", "tax", "salestax"), readers.amount),
    Column("estimate", "Estimate", ("estimate", "isestimate", "estimated", "quote"), cells.flag),
    paid(),
    Column(
        "insurance_paid_cents",
        "Insurance paid",
        ("insurancepaid", "insurancepayment", "insurancepayments", "inspaid", "inspayment", "payerpaid",
         "paidbyinsurance"),
        readers.amount,
    ),
    METHOD,
    PAID_ON,
    SOURCE,
    REASON,
)  # fmt: skip
_AMOUNT = ("amount", "total", "totalamount")
_BALANCE_WORDS = (
    "balance", "openingbalance", "patientbalance", "balanceforward", "balancedue", "amountdue", "amountowed",
    "owes", "due", "outstanding", "accountbalance", "currentbalance", *_AMOUNT,
)  # fmt: skip
TEXTS = ("description", "service_code", "reason")  # what neither an amount nor who is who depends on


def _nobody(_: Any) -> None:
    """Money is never told by likeness: by its claim or source number, or it is new."""


CHARGES = Kind(
    name="charges",
    noun="invoice",
    one="charge",
    many="charges",
    model=Invoice,
    columns=_CHARGE_COLUMNS,
    required=("line_total_cents", "total_charge_amount_cents"),
    keys=(),
    same=(),
    likeness=_nobody,
    is_money=True,
    optional=TEXTS,
)
PAYMENTS = Kind(
    name="payments",
    noun="payment",
    one="payment",
    many="payments",
    model=Payment,
    columns=(
        CHART,
        CLAIM,
        paid((*PAID_WORDS, *_AMOUNT, "insurancepaid", "insurancepayment")),
        METHOD,
        replace(PAID_ON, words=(*PAID_ON.words, "date")),
        Column("description", "Description", ("description", "notes", "memo", "comment")),
        SOURCE,
        REASON,
    ),
    required=("paid_cents",),
    keys=(),
    same=(),
    likeness=_nobody,
    is_money=True,
    optional=TEXTS,
)
OPENINGS = Kind(
    name="opening_balances",
    noun="invoice",
    one="opening balance",
    many="opening balances",
    model=Invoice,
    columns=(
        CHART,
        Column("balance_cents", "Balance", _BALANCE_WORDS, readers.amount),
        Column("date_of_service", "As of", ("asof", "balancedate", "asofdate", "date"), is_date=True),
        PRACTICE,
    ),
    required=("balance_cents",),
    keys=(),
    same=(),
    likeness=_nobody,
    is_money=True,
    optional=TEXTS,
)
