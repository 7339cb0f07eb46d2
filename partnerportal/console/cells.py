"""What stands in the cells of the record lists. Each gets row and person. Imports formats."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from partnerportal.console.templatetags import portal
from partnerportal.kernel import money


def page_of(record: Any) -> str:
    return reverse(f"admin:records_{record.noun}_change", args=[record.pk])


def _ids(record: Any) -> str:
    return f"{record.short_id} · IH {record.remote_id}" if record.remote_id else record.short_id


def title(record: Any, user: Any) -> str:
    """The name, leading to the record, over its ids."""
    name = person(record) if hasattr(record, "last_name") else record.name
    return format_html(
        '<a href="{}">{}</a><small>{}</small>', page_of(record), name or "No name", _ids(record)
    )


def person(record: Any) -> str:
    """ "Edison, Ed E." as lists sort it."""
    given = " ".join(part for part in (record.first_name, record.middle_name) if part)
    return ", ".join(part for part in (record.last_name, given) if part)


def state(record: Any, user: Any) -> str:
    return format_html("{}<small>{}</small>", portal.state(record), record.standing)


def born(record: Any, user: Any) -> str:
    return portal.birth(record.date_of_birth, user)


def enterprise(record: Any, user: Any) -> str:
    return format_html('<a class="link" href="{}">{}</a>', page_of(record.enterprise), record.enterprise.name)


def balance(record: Any, user: Any) -> str:
    """What a patient owes, here; red where Inbox Health says otherwise."""
    href = reverse("balance", args=[record.pk])
    differs = portal.pill("Differs", "red", "error") if record.balance_gap_cents else ""
    return format_html('<a class="link" href="{}">{}</a> {}', href, money.owed(record.balance_cents), differs)


def chart(record: Any, user: Any) -> str:
    return (
        # A long one is cut to its beginning; the whole of it stands in the record's band, and on hover.
        format_html('<span class="mono cut" title="{0}">{0}</span>', record.health_record_id)
        if record.health_record_id
        else "—"
    )


def place(record: Any, user: Any) -> str:
    return ", ".join(part for part in (record.city, record.state) if part) or "—"


def specialty(record: Any, user: Any) -> str:
    return record.specialty or "—"


def npi(record: Any, user: Any) -> str:
    return record.npi or "—"


def patients(record: Any, user: Any) -> str:
    word = "patient" if record.patients_count == 1 else "patients"
    return format_html('{}<span class="card-word"> {}</span>', f"{record.patients_count:,}", word)


def onboarding(record: Any, user: Any) -> str:
    """How far the enterprise is, leading to its steps."""
    href = reverse("admin:records_enterprise_onboarding", args=[record.pk])
    return format_html('<a class="link" href="{}">{}</a>', href, record.how_far)
