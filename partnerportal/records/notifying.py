"""Keeps the messages that Inbox Health lists as sent to a patient. Imports models and apply.

Which attributes carry type and channel is documented nowhere [A]: the likely names are tried, in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partnerportal.records.apply import instant
from partnerportal.records.models import Notification, Patient

_KIND = ("notification_type", "type", "kind", "event")
_CHANNEL = ("channel", "delivery_method", "medium")
_SENT = ("sent_at", "delivered_at", "created_at")
_CHANNELS = (("mail", "mail"), ("letter", "mail"), ("statement", "mail"), ("email", "email"), ("sms", "sms"),
             ("text", "sms"), ("call", "phone"), ("voice", "phone"))  # fmt: skip


def keep(patient: Patient, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each message once, as it is listed now; one that is listed no more stays."""
    for row in rows:
        Notification.objects.update_or_create(
            remote_id=row["id"], defaults={"patient": patient, **_said(row)}
        )


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = _first(row, _KIND)
    invoice = row.get("invoice_id")
    return {
        "invoice_remote_id": invoice if isinstance(invoice, int) else None,
        "kind": kind,
        "channel": _first(row, _CHANNEL) or _channel_of(kind),
        "status": _first(row, ("status", "state")),
        "sent_at": next((at for at in (instant(row.get(name)) for name in _SENT) if at), None),
        "remote": dict(row),
    }


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(row[name])[:60] for name in names if row.get(name)), "")


def _channel_of(kind: str) -> str:
    """Where no attribute names the channel, its type may: "email", "sms", "paper_statement"."""
    word = kind.lower().replace("-", "").replace("e_mail", "email")
    if "email" in word:
        return "email"
    return next((channel for part, channel in _CHANNELS if part in word), "")
