"""Every filter of every list with a value that can't be used: nothing is listed, and the field says why.

The filters are found on the pages themselves: each field of each form that narrows, at each address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.test import Client

from partnerportal.console import export_audit_lists, export_lists
from partnerportal.console.record_lists import LISTINGS
from tests.browser.sample import demo_person, make_sample
from tests.browser.test_axe_over_all_pages import ALL, address_of, is_page
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
TYPO = "Feil"
DOOMSDAY = "9999-12-31"  # a day after which none can be counted


@dataclass
class Seen:
    """Fields of forms that narrow (name → kind), the rows listed, what stands at fields and in chips."""

    fields: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    errors: int = 0
    chips: str = ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen, self._inside = Seen(), ""
        self._chip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        classes = (said.get("class") or "").split()
        if tag == "form":
            narrows = (said.get("method") or "").lower() == "get" and "filters" in classes
            self._inside = "filters" if narrows else ""
        if self._inside and tag in ("input", "select") and said.get("name") and said.get("type") != "hidden":
            self.seen.fields[said["name"] or ""] = said.get("type") or tag
        self.seen.errors += bool(self._inside) and "field-error" in classes
        self.seen.rows += (tag == "tbody" and 1000) or "story-item" in classes
        self._chip += tag == "span" and "chip" in classes

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == "form" else self._inside
        self._chip = max(0, self._chip - (tag == "span"))

    def handle_data(self, data: str) -> None:
        self.seen.chips += data if self._chip else ""


def looked(client: Client, address: str) -> Seen:
    page = _Page()
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    page.feed(answer.content.decode())
    return page.seen


def test_an_unusable_value_lists_nothing_and_says_why_at_its_field() -> None:
    staff = demo_person()
    sample, client = make_sample(staff), signed_in(staff)
    tried, wrong = 0, []
    for name in ALL:
        address = address_of(name, sample)
        if not is_page(name, address, client):
            continue
        for one, kind in looked(client, address).fields.items():
            tried += 1
            found = looked(client, f"{address}{'&' if '?' in address else '?'}{one}={TYPO}")
            why = found.errors or (kind in ("text", "search") and TYPO in found.chips)
            if one == "day":
                looked(client, f"{address}{'&' if '?' in address else '?'}day={DOOMSDAY}")
            if found.rows or not why:
                wrong.append(f"{address} {one}: {found.rows} rows, {'no reason' if not why else 'a reason'}")
    assert tried > 30
    assert wrong == []


def test_nothing_is_acted_on_or_exported_with_an_unusable_value() -> None:
    """What the lists' own buttons send: all that match is nothing."""
    staff = demo_person()
    make_sample(staff)
    for listing in LISTINGS.values():
        for one in listing.filters:
            assert not listing.matching(staff, {one.name: TYPO}).exists(), f"{listing.noun} {one.name}"
    lists = {**export_lists.LISTS, **export_audit_lists.AUDIT_LISTS}
    for noun, fields in {
        "delivery": ("state", "enterprise", "cause", "lane"),
        "exchange": ("day", "outcome", "record", "enterprise", "operation", "status", "origin"),
        "entry": ("day", "record"),
    }.items():
        everything = {"tab": "all"} if noun == "exchange" else {}
        assert lists[noun].rows(staff, everything).exists()
        for one in fields:
            assert not lists[noun].rows(staff, {**everything, one: TYPO}).exists(), f"{noun} {one}"


def test_nothing_is_replayed_or_compared_with_an_unusable_value() -> None:
    staff = demo_person()
    sample: SimpleNamespace = make_sample(staff)
    client = signed_in(staff)
    client.post("/events/replay/", {"scope": "all", "sure": "1", "record": TYPO})
    sample.event.refresh_from_db()
    assert sample.event.state == "applied"
    page = client.get("/balances/compare/?enterprise=Feil").content.decode()
    assert "Compare 1 balance" not in page
