"""The console's build: a rule for each address, no stock admin page, no action on GET, no inline script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from partnerportal.console.access import RULES
from partnerportal.console.frame import MENU
from partnerportal.console.site import site
from tests.architecture.source import ROOT, modules

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


def test_every_address_has_a_rule() -> None:
    assert sorted(name for name in _names(get_resolver().url_patterns) if name not in RULES) == []


def test_every_rule_has_an_address() -> None:
    assert sorted(set(RULES) - set(_names(get_resolver().url_patterns))) == []


def test_every_entry_of_the_menu_leads_somewhere() -> None:
    names = set(_names(get_resolver().url_patterns))
    assert [entry.url for group in MENU for entry in group.entries if entry.url not in names] == []


def test_no_stock_admin_page_is_mounted() -> None:
    assert site._registry == {}
    stock = {"admin:login", "admin:logout", "admin:password_change", "admin:jsi18n", "admin:app_list"}
    assert stock.isdisjoint(_names(get_resolver().url_patterns))


def test_no_unfold_action_runs_on_get() -> None:
    """Its list, row and detail actions are links whose view runs on any method."""
    kinds = ("actions_list", "actions_row", "actions_detail", "actions_submit_line")
    users = [m.name for m in modules() if any(f"{kind} = " in m.text for kind in kinds)]
    assert users == []
    assert not [m for m in admin.site._registry.values() if any(getattr(m, kind, ()) for kind in kinds)]


def test_domain_apps_have_no_pages_of_their_own() -> None:
    apps = ROOT / "partnerportal"
    assert [str(p) for p in apps.rglob("admin.py")] == []
    assert [str(p) for p in apps.rglob("views.py") if p.parent.name != "webhooks"] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_no_template_carries_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+=[\"']", text)
    assert "|safe" not in text and "autoescape off" not in text
