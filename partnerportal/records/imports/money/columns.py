"""The columns that files of money share: whom, which visit, who took part, how something was paid. Pure."""

from __future__ import annotations

from partnerportal.records.imports.kinds import Column
from partnerportal.records.imports.money import readers

CHART = Column(
    "chart_no",
    "Chart no.",
    (
        "chartnumber", "chartno", "chartid", "chart", "mrn", "medicalrecordnumber", "healthrecordid",
        "patientnumber", "patientno", "patientid", "ptid", "accountnumber", "accountno", "acctnumber",
        "acctno", "acct", "account", "patientaccount", "patient",
    ),
    limit=120,
)  # fmt: skip
CLAIM = Column(
    "claim_number",
    "Claim no.",
    (
        "claimnumber", "claimno", "claimid", "claim", "invoicenumber", "invoiceno", "invoiceid", "invoice",
        "encounternumber", "encounterid", "encounter", "visitnumber", "visitid", "visitno", "ticketnumber",
        "superbill",
    ),
    limit=120,
)  # fmt: skip
PRACTICE = Column(
    "practice",
    "Practice",
    (
        "practice", "practicename", "location", "locationname", "facility", "facilityname", "office", "site",
        "placeofservice", "department", "clinic",
    ),
)  # fmt: skip
METHOD = Column(
    "method",
    "How it was paid",
    ("method", "paymentmethod", "paymenttype", "paymethod", "tender", "paidby", "payer", "payername"),
)
PAID_ON = Column(
    "paid_on",
    "Paid on",
    (
        "paymentdate", "datepaid", "paidon", "paiddate", "depositdate", "posteddate", "postingdate",
        "dateposted", "receiveddate", "checkdate",
    ),
    is_date=True,
)  # fmt: skip
SOURCE = Column(
    "source",
    "Check or transaction no.",
    (
        "transactionnumber", "transactionid", "paymentid", "paymentnumber", "checknumber", "checkno", "check",
        "receiptnumber", "receiptno", "tracenumber", "eranumber", "eftnumber", "referencenumber", "reference",
        "confirmationnumber", "id",
    ),
    limit=200,
)  # fmt: skip
REASON = Column(
    "reason",
    "Reason code",
    ("reasoncode", "reason", "adjustmentreason", "adjustmentreasoncode", "carc", "remarkcode", "denialcode"),
    limit=60,
)

PAID_WORDS = (
    "amountpaid", "paidamount", "patientpaid", "patientpayment", "patientpayments", "paid", "paymentamount",
    "payment", "payments", "copaypaid", "copay", "amountreceived", "received",
)  # fmt: skip


def paid(words: tuple[str, ...] = PAID_WORDS) -> Column:
    return Column("paid_cents", "Amount paid", words, readers.amount)
