"""What an enterprise's answer carries besides what a request may set: the vendor's own defaults.

Source: section 4 of the contract and the vendor's documented answer. Plain data.
"""

from typing import Any

CARDS = ("amex", "discover", "mastercard", "visa")
TYPES = ("debit", "prepaid", "credit")
CHEAP = ("mastercard", "visa")


def _rates() -> dict[str, Any]:
    rates: dict[str, Any] = {"card_transaction_rate": 0.022, "amex_transaction_rate": 0.035}
    for place in ("", "terminal_"):
        for card in CARDS:
            for kind in TYPES:
                rates[f"{place}{card}_{kind}_transaction_rate"] = 0.022 if card in CHEAP else 0.029
                rates[f"{place}{card}_{kind}_transaction_flat_fee_cents"] = 30
    return rates


def _words(text: str) -> list[str]:
    return text.split()


PLAN: dict[str, Any] = {
    "id": 9,
    "plan_name": "Basic (Freemium)",
    "created_at": "2019-05-09T17:49:11.038Z",
    "updated_at": "2019-05-09T17:49:11.038Z",
    "custom": False,
    "number_of_users": 1,
    "monthly_fee_cents": 0,
    "check_fee_cents": 0,
    "per_eligibility_benefit_rate_cents": 25,
    "eligibility_benefits_per_month": 0,
    **_rates(),
    "ach_transaction_rate": 0.019,
    "ach_transaction_flat_fee_cents": 0,
    "inbox_health_transaction_rate": 0.017,
    "transaction_flat_fee_cents": 30,
    "stripe_plan_id": "basic",
    "per_email_rate_cents": 0,
    "per_paper_rate_cents": 125,
    "per_voice_call_minute_rate_cents": 0,
    "per_sms_rate_cents": 1,
    "enable_preauth": True,
    "enable_estimates": True,
    "enable_billing": True,
    "enable_checkin": False,
    "enable_eligibility": True,
    "enable_full_service": False,
}

EMPTY = _words(
    "bank_name bank_last_4 country ein transfer_date_scheduled transfer_interval"
    " enterprise_payment_date_scheduled billing_name payment_phone_number additional_fees_description"
    " default_statement_memo stripe_fields_needed bcbs_payer_id gift_card_merchant_number"
    " gift_card_user_name default_eligible_npi billing_business_name billing_address_line_1"
    " billing_address_line_2 billing_city billing_state billing_zip billing_contact_email"
    " baa_agreed_at baa_html make_checks_payable_to custom_collection_copy self_pay_imported_payer_id"
    " post_checkin_message patient_support_email"
)
OFF = _words(
    "use_support_phone_number has_stripe_subscription enable_giftcards has_logo_base64"
    " checkin_card_on_file_required auto_charge enable_scheduled_appointment_reminders soft_delete"
    " baa_agree has_baa_signature_base64 send_initial_statement_sms fourty_eight_hours_appt_reminders"
    " legacy_payer_model enable_advanced_payment_routing enable_unapplied_payment_only"
    " enable_simplified_account_view portal_accepts_ach"
)
ON = _words(
    "enable_scheduled_eligible_requests apply_payment patient_billing_active"
    " twenty_four_hours_appt_reminders one_week_appt_reminders accepts_credit_card"
    " portal_accepts_credit_card"
)
ZERO = _words(
    "minimum_bill_amount_cents additional_fees_cents cancellation_fee_window cancellation_fee_cents"
    " auto_charge_max_cents"
)

CONSTANTS: dict[str, Any] = {
    "enterprise_plan_id": PLAN["id"],
    "enterprise_plan": PLAN,
    **dict.fromkeys(EMPTY),
    **dict.fromkeys(OFF, False),
    **dict.fromkeys(ON, True),
    **dict.fromkeys(ZERO, 0),
    "transfer_status": "scheduled",
    "default_service_code": "30",
    "default_service_location": "11",
    "days_before_patient_balance_reminder": 15,
    "days_before_patient_balance_reminder_with_paper_statements": 30,
    "past_due_balance_days": 45,
    "collection_warning_balance_days": 90,
    "estimate_down_payment_rate": 0.2,
    "reschedule_window": 30,
    "soonest_bookable_time_window": 30,
    "max_paper_bills_per_billing_cycle_count": 3,
}
