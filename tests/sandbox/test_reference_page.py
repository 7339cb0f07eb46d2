"""The sandbox's reference: every operation has a form, and each body in a form works as it stands."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from integrations.inboxhealth.operations import OPERATIONS
from integrations.sandbox.reference_bodies import operations
from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox

LAST = "payments.quick_pay"  # its payment is used up by its invoice
CREATES = sorted(
    (
        one
        for rows in operations().values()
        for one in rows
        if one.action in {"create", "quick_pay", "create_import_batch"}
    ),
    key=lambda one: one.name == LAST,
)
UPDATES = [one for rows in operations().values() for one in rows if one.action == "update"]


def page_of(sandbox: Sandbox) -> str:
    return Caller(sandbox.url).send("GET", "/api").body.decode()


def form_of(text: str, name: str) -> dict[str, str]:
    """The verb, path, id and body that the operation's form would send."""
    part = text.partition(f'id="{name}"')[2].partition("</details>")[0]
    found = {"verb": r'data-verb="([^"]*)"', "path": r'data-path="([^"]*)"'}
    found["id"] = r'name="id" value="([^"]*)"'
    said = {key: seen[1] for key, pattern in found.items() if (seen := re.search(pattern, part))}
    body = re.search(r"<textarea[^>]*>(.*?)</textarea>", part, re.DOTALL)
    return said | ({"body": unescape(body[1])} if body else {})


def test_it_has_a_form_for_every_operation_of_the_contract(sandbox: Sandbox) -> None:
    text = page_of(sandbox)
    for name, operation in OPERATIONS.items():
        form = form_of(text, name)
        assert (form["verb"], form["path"]) == (operation.verb, f"/partner/v2{operation.path}"), name


def test_each_body_works_as_the_form_is_filled_with_it(sandbox: Sandbox, api: Caller) -> None:
    for one in (*CREATES, *UPDATES):
        form = form_of(page_of(sandbox), one.name)
        path = form["path"].removeprefix("/partner/v2").replace("{id}", form.get("id", ""))
        seen = api.call(form["verb"], path, json.loads(form["body"]))
        assert seen.status in {200, 201}, (one.name, form, seen)


def test_only_what_makes_a_record_says_what_is_needed(sandbox: Sandbox) -> None:
    part = {name: page_of(sandbox).partition(f'id="{name}"')[2].partition("</details>")[0]
            for name in ("patients.create", "patients.update")}  # fmt: skip
    assert "<th>Needed</th>" in part["patients.create"]
    assert "<th>Needed</th>" not in part["patients.update"] and "<td>yes</td>" not in part["patients.update"]
    assert "what is left out stays as it is" in part["patients.update"]


def test_the_line_to_copy_sets_a_fault(sandbox: Sandbox) -> None:
    text = unescape(page_of(sandbox))
    line = re.search(r"curl -X POST (\S+) .* -d '([^']+)'", text)
    assert line is not None
    assert line[1] == f"{sandbox.url}/_sandbox/faults"
    sandbox.fault(**json.loads(line[2]))
    assert [one["kind"] for one in sandbox.admin("GET", "faults")["faults"]] == ["drop_after"]


def test_the_page_may_load_and_call_nothing_but_this_host(sandbox: Sandbox) -> None:
    seen: Any = Caller(sandbox.url).send("GET", "/api")
    assert "default-src 'none'" in seen.headers["content-security-policy"]
    assert "connect-src 'self'" in seen.headers["content-security-policy"]


def test_who_is_not_signed_in_is_led_to_the_sign_in(sandbox: Sandbox) -> None:
    assert '<a href="/partner/sign_in">Sign in</a> first' in page_of(sandbox)
