"""What each attribute means, and where we know it from: the contract's section 4 to 6 in plain words.

Owns words only; the document and the pages of the API reference read them. May import nothing.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCES: dict[str, str] = {
    "S": "the vendor's guide of 2019",
    "D": "the vendor's later guide",
    "O": "seen in other integrations",
    "A": "our assumption",
    "ours": "the sandbox's own",
}


class Meaning(NamedTuple):
    """A sentence and the mark of its source."""

    text: str
    mark: str

    @property
    def source(self) -> str:
        return SOURCES[self.mark]


# "noun.attribute" wins over "attribute". A row is "MARK sentence"; what stands here is what we send, and of
# what is answered the part that needs a word.
_ROWS: dict[str, str] = {
    "id": "D The record's number at Inbox Health.",
    "created_at": "D When it was made, ISO 8601 with milliseconds and zone.",
    "updated_at": "D When it last changed there.",
    "links": "D Addresses of the record's sub-collections.",
    "enterprise_id": "D The enterprise it belongs to.",
    "practice_id": "D The practice, of the same enterprise.",
    "doctor_id": "D The doctor, of the same enterprise.",
    "patient_id": "D The patient whose money it is.",
    "invoice_id": "D The invoice it belongs to.",
    "payment_id": "D The payment it belongs to.",
    "name": "D What it is called.",
    "first_name": "D First name.",
    "middle_name": "D Middle name.",
    "last_name": "D Last name.",
    "phone": "D A phone number, such as (203) 555-0101; it may come back in another form.",
    "cell_phone": "D The number that text messages go to first.",
    "home_phone": "D The number that text messages go to third.",
    "secondary_phone": "D The number that text messages go to second.",
    "work_phone": "O A number at work.",
    "email": "D An e-mail address.",
    "address_line_1": "D Street and number.",
    "address_line_2": "D Suite, floor or apartment.",
    "city": "D City.",
    "state": "D Two letters, such as CT.",
    "zip": "D Five digits, or nine with a dash.",
    "time_zone": "D As Rails names them: Eastern Time (US & Canada).",
    "description": "D Text for people.",
    "code": "D The code, once an enterprise.",
    "status": "D A word; the set is open.",
    "date_of_service": "D The day of the visit, YYYY-MM-DD.",
    "amount_cents": "D The amount, in whole cents.",
    "soft_delete": "D Marked as deleted there; the record stays readable.",
    "balance_cents": "D What is owed now, in whole cents.",
    # enterprise
    "enterprise.support_phone_number": "D The number that statements tell patients to call.",
    "enterprise.sales_tax": "D Sales tax in percent, such as 6.35.",
    "enterprise.default_quick_pay_description": "D What a quick payment is called by default.",
    "enterprise.logo_background_color": "D The color behind the logo.",
    "enterprise.default_checkin_routes": "D The routes of the check-in.",
    "enterprise.statement_descriptor": "D What patients read on their card's statement.",
    "enterprise.color_statements": "D Print statements in color.",
    "enterprise.first_class": "D Mail statements first class.",
    "enterprise.return_envelope": "D Put a return envelope in.",
    "enterprise.perforation": "D Print on perforated paper.",
    "enterprise.default_billing_cycle_template_id": "D The default billing cycle.",
    "enterprise.practices_attributes": "D Its practices. Without any, one is made from its address.",
    # practice
    **{
        f"practice.{day}_{end}": f"D When the practice {end}s on {day.capitalize()}s, such as 09:00."
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        for end in ("open", "close")
    },
    # doctor
    "doctor.specialty": "D What the doctor practices.",
    "doctor.suffix": "D Such as MD or Jr.",
    "doctor.certification": "D Such as MD or DO.",
    "doctor.npi": "D National Provider Identifier, ten digits.",
    "doctor.provider_code": "D The partner's code for the doctor.",
    # patient
    "patient.date_of_birth": "D Date of birth, YYYY-MM-DD.",
    "patient.sex": "D Male or Female; M and F are taken too and come back as words.",
    "patient.ssn": "D Social Security number. The portal sends it only where an enterprise allows it.",
    "patient.language": "D The language to write in.",
    "patient.marital_status": "D Marital status.",
    "patient.contact_preference": "D How to reach the patient, such as both.",
    "patient.health_record_id": "O The partner's chart number, and nothing else.",
    "patient.external_ids": "A References in other systems. Answers carry them; may a request?",
    "patient.billing_status": "D complete for new patients; scheduled starts billing.",
    "patient.precollection": "D On the way to collections.",
    "patient.account_type_id": "A The account type, such as no statements.",
    "patient.allow_self_directed_payment_plan": "D The patient may set up a payment plan alone.",
    "patient.primary": "D The guarantor.",
    "patient.removed": "D Hidden there. There is no delete for patients.",
    "patient.sms_opt_out": "D No text messages.",
    "patient.phone_opt_out": "D No phone calls.",
    "patient.balance_cents": "D What the patient owes, in whole cents.",
    "patient.cached_balance_cents": "D The balance as it was last reckoned there.",
    "external_id.issuer": "D The system that gave the number.",
    "external_id.external_id": "D The number in that system.",
    # invoice, line item
    "invoice.notes": "D Notes that the patient may read.",
    "invoice.estimate": "D An estimate is not owed; false for a bill.",
    "invoice.line_items_attributes": "D Line items made or changed with it.",
    "invoice.appointment_id": "D The appointment it came of; on updates only.",
    "invoice.email": "D Mails the invoice to this address, at once. Leave it out to mail nobody.",
    "invoice.total_insurance_balance_cents": "D While above 0, the patient owes nothing of it.",
    "line_item.service_code": "D The procedure code.",
    "line_item.total_charge_amount_cents": "O The charge for one unit, in whole cents.",
    "line_item.covered_amount_cents": "D What is covered or adjusted away, in whole cents.",
    "line_item.insurance_owed_amount_cents": "D What insurance still owes, in whole cents; 0 if left out.",
    "line_item.tax_amount_cents": "D Tax, in whole cents.",
    "line_item.quantity": "D How many units; 1 if left out.",
    # payment and what hangs on it
    "payment.expected_amount_cents": "D The amount taken, in whole cents. Not amount_cents.",
    "payment.payment_method_type": "D How it was paid. card and one_time_payment charge somebody, at once.",
    "payment.apply_payment": "D Spread it over open invoices; how is said nowhere, so say false.",
    "payment.invoice_id": "D Taken beside the payment; what it does is assumed: applies up to the balance.",
    "payment.refunded_amount_cents": "O What was given back so far.",
    "payment.applied_amount_cents": "O What is applied to invoices.",
    "invoice_payment.paid_amount_cents": "D How much of the payment goes to the invoice; less un-applies.",
    "invoice_payment.payment_reasons_invoice_payments_attributes": "D Why insurance paid what it paid.",
    "payment_reason_link.payment_reason_id": "D The payment reason.",
    "payment_adjustment.voided": "D true takes back the whole payment; false refunds and changes no balance.",
    "quick_pay.invoice": "D The invoice to make.",
    "quick_pay.payment": "D The payment to make for it.",
    "write_off.date": "D The day of the write-off, YYYY-MM-DD.",
    "write_off.write_off_code_id": "D Why it is written off.",
    "account_type.name": "A The category, such as No statements.",
    "account_type.enterprise_id": "A The enterprise it belongs to.",
    # the rest
    "attachment.category": "D What kind of file it is.",
    "attachment.output_source": "D What made it.",
    "attachment.mime_type": "D Its type, such as application/pdf.",
    "attachment.size": "D Its size in bytes.",
    "attachment.checksum": "D Its checksum.",
    "attachment.version": "D Its version.",
    "attachment.display_name": "D The name people see.",
    "attachment.path": "D Where it lies.",
    "endpoint.url": "D Where events are posted, exactly as it will be signed.",
    "endpoint.registered_webhooks": "D The event types to send, such as patient_created. The set is open.",
    "import_batch.filename": "D The file on the SFTP server.",
    "import_batch.start": "D Start at once.",
    "import_batch.delete_file": "D Delete the file afterwards.",
    # of lists
    "meta.current_page": "O The page this is.",
    "meta.per_page": "O Rows a page.",
    "meta.total_pages": "O Pages in all.",
    "meta.has_more": "O Whether another page follows.",
    "problem.errors": "A Messages by attribute; base for the whole.",
}  # fmt: skip

PARAMETERS: dict[str, str] = {
    "id": "D The record's number at Inbox Health.",
    "page": "D Which page, from 1.",
    "per_page": "D Rows a page. More than 100 gives 100; that bound is our assumption.",
    "sort": "D id, or -id for the newest first; the minus and other attributes are our assumption.",
    "filter": "D filter[last_name]=Kim. Text contains it, the rest equals it: our assumption.",
}  # fmt: skip


def _read(row: str) -> Meaning:
    mark, _, text = row.partition(" ")
    return Meaning(text, mark)


def meaning(noun: str, attribute: str) -> Meaning | None:
    """What an attribute of a noun ("patient", "line_item") means; None where we have nothing to say."""
    row = _ROWS.get(f"{noun}.{attribute}") or _ROWS.get(attribute)
    return _read(row) if row else None


def parameter(name: str) -> Meaning:
    """What a parameter of the path or the query means."""
    return _read(PARAMETERS[name])
