"""Formats: dates, instants, phones and masks as people read them, in the person's zone."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from partnerportal.console import formats
from partnerportal.console.dates import parse_day
from partnerportal.console.shown import text

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 24, 19, 31, tzinfo=UTC), "2:31 PM"),
        (datetime(2026, 11, 24, 4, 31, tzinfo=UTC), "Nov 23, 11:31 PM"),
        (datetime(2025, 11, 23, 19, 31, tzinfo=UTC), "Nov 23, 2025, 2:31 PM"),
    ],
)
def test_an_instant_is_as_short_as_it_can_be(at: datetime, said: str) -> None:
    with timezone.override(zoneinfo.ZoneInfo("America/New_York")):
        assert formats.instant(at, NOW) == said


def test_the_exact_instant_has_milliseconds_and_its_zone() -> None:
    with timezone.override(zoneinfo.ZoneInfo("America/New_York")):
        assert (
            formats.exact(datetime(2026, 11, 24, 19, 31, 7, 482_999, UTC)) == "2026-11-24 14:31:07.482 -05:00"
        )


def test_an_age_counts_only_whole_years() -> None:
    assert formats.birth(date(1979, 11, 25), date(2026, 11, 24)) == "11/25/1979 (46)"
    assert formats.birth(date(1979, 11, 24), date(2026, 11, 24)) == "11/24/1979 (47)"


@pytest.mark.parametrize(
    ("value", "clear", "masked"),
    [
        ("2035550199", "(203) 555-0199", "(203) •••-••99"),
        ("ask at desk", "ask at desk", "•••"),
        ("", "", ""),
    ],
)
def test_phones(value: str, clear: str, masked: str) -> None:
    assert formats.phone(value) == clear
    assert formats.masked_phone(value) == masked


def test_what_is_not_known_is_a_dash_and_an_unknown_status_is_shown_as_it_came() -> None:
    assert text("city", "") == "—"
    assert text("billing_status", "complete") == "Nothing due"
    assert text("billing_status", "brand_new") == "brand_new"
    assert text("date_of_birth", "1987-10-07", reveal=False) == "••/••/1987"


@pytest.mark.parametrize("typed", ["1987-13-02", "10/26/79", "yesterday", "02/30/1999", ""])
def test_no_date_is_guessed(typed: str) -> None:
    assert parse_day(typed) is None
