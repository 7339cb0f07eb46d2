"""The sandbox's API reference as HTML: each operation with its attributes and a form to try it.

The forms call the API of this very host by the session's cookie, as at the vendor's. Imports its bodies;
knows nothing of the portal.
"""

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from integrations.sandbox.reference_bodies import Newest, Shown, body_of, operations
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.resources.description import Attribute

SCRIPT = Path(__file__).parent / "assets" / "reference.js"
SIGN_IN = '<a href="/partner/sign_in">Sign in</a>'
WORDS = {
    "cents": "whole cents",
    "amount": "whole cents, above 0",
    "integer": "whole number",
    "bytes": "whole number",
    "quantity": "whole number",
    "birthday": "date",
    "note": "long text",
    "boolean": "true or false",
}
_BODIES = {"create", "update", "quick_pay", "create_import_batch"}


def section(newest: Newest, *, signed_in: bool) -> str:
    """All resources as HTML; each opens to its operations, each operation to its form."""
    parts = [
        f'<details class="resource"><summary>{escape(_title(name))} <small>{_counted(rows)}</small></summary>'
        f"{''.join(_operation(one, newest, signed_in) for one in rows)}</details>"
        for name, rows in operations().items()
    ]
    return "".join(parts)


def _operation(shown: Shown, newest: Newest, signed_in: bool) -> str:
    attributes = _attributes(shown)
    table = _table(attributes, needs=shown.action != "update") if attributes else ""
    return (
        f'<details class="operation" id="{escape(shown.name)}"><summary>'
        f'<span class="verb">{shown.verb}</span> <code>{escape(shown.path)}</code></summary>'
        f"<table><tbody><tr><th>Operation</th><td>{escape(shown.name)}</td></tr></tbody></table>"
        f"{table}{_form(shown, newest, signed_in)}</details>"
    )


def _attributes(shown: Shown) -> tuple[Attribute, ...]:
    if shown.action == "create_import_batch":
        return RESOURCES["import_batches"].attributes
    if shown.action not in {"create", "update"}:
        return ()
    creating = shown.action == "create"
    return tuple(one for one in shown.resource.attributes if creating or not one.fixed)


def _table(attributes: Iterable[Attribute], *, needs: bool) -> str:
    """`needs`: with what must be there; an update needs none of them."""
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(one.name)}</code></th>"
        f"<td>{escape(WORDS.get(one.kind, one.kind.replace('_', ' ')))}</td>"
        + (f"<td>{'yes' if one.required else ''}</td></tr>" if needs else "</tr>")
        for one in attributes
    )
    head = f"<tr><th>Attribute</th><th>Kind</th>{'<th>Needed</th>' if needs else ''}</tr>"
    hint = "" if needs else "<p>Send what changes; what is left out stays as it is.</p>"
    return f"{hint}<table tabindex='0'><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _form(shown: Shown, newest: Newest, signed_in: bool) -> str:
    fields = []
    if "{id}" in shown.path:
        fields.append(_field("id", str(newest(shown.resource.name) or 1), needed=True))
    if shown.lists:
        fields += [_field("page", ""), _field("per_page", "25"), _field("sort", "-id")]
        fields += [_field("filter", "", "last_name=Kim")]
    if shown.action in _BODIES:
        body = escape(json.dumps(body_of(shown, newest), indent=2))
        rows = min(body.count("\n") + 2, 20)
        area = f'<textarea name="body" rows="{rows}" spellcheck="false">{body}</textarea>'
        fields.append(f"<label>Body {area}</label>")
    hint = (
        "" if signed_in else '<p><a href="/partner/sign_in">Sign in</a> first: it is run by your session.</p>'
    )
    return (
        f'<form class="try" data-verb="{shown.verb}" data-path="{escape(shown.path)}">{"".join(fields)}{hint}'
        f"<button>Try {shown.verb} {escape(shown.name)}</button>"
        '<div class="answer" role="status"></div></form>'
    )


def _field(name: str, value: str, hint: str = "", *, needed: bool = False) -> str:
    return (
        f'<label>{name} <input name="{name}" value="{escape(value)}" placeholder="{escape(hint)}"'
        f' autocomplete="off"{" required" if needed else ""}></label>'
    )


def _counted(rows: list[Shown]) -> str:
    return f"{len(rows)} operation{'' if len(rows) == 1 else 's'}"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
