"""Payments: money taken from a patient or an insurance. Source: contract, sections 4 and 5.

The attributes that are only answered are those seen in its events (section 6).
"""

from integrations.sandbox.resources.description import Attribute, Extra, Parent, Resource, required

RESOURCE = Resource(
    name="payments",
    singular="payment",
    first_id=3_000_001,
    actions=("list", "get", "create", "update"),
    attributes=(
        required("patient_id", "integer", fixed=True),
        # The guide refuses it on PUT in one place and recommends it in another: ignored there.
        required("expected_amount_cents", "cents", fixed=True),
        required("payment_method_type", "payment_method", fixed=True),
        Attribute("description"),
        Attribute("apply_payment", "boolean", fixed=True),
    ),
    parents=(Parent("patient_id", "patients"),),
    extras=(Extra("quick_pay", "POST"),),
    constants={
        "status": "successful",
        "successful": True,
        "voided": False,
        **dict.fromkeys(
            (
                "refunded_amount_cents",
                "applied_amount_cents",
                "reversal_amount_cents",
                "total_fee_cents",
                "adjusted_fee_cents",
            ),
            0,
        ),
        **dict.fromkeys(
            (
                "submitted_at",
                "practice_id",
                "doctor_id",
                "card_brand",
                "last_4_digits",
                "date_cancelled",
                "transfer_id",
                "transferred_at",
            )
        ),
        "links": {"invoice_payments": None},
    },
)
