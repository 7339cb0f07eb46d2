"""The sandbox's own HTML: what it is, its operations, switches and faults; nothing loaded from elsewhere.

Imports tables to show; no storage.
"""

from collections.abc import Iterable
from html import escape

from integrations.sandbox import faults, routes
from integrations.sandbox.assumptions import SWITCHES, Assumptions

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; }
label, input, button { display: block; font: inherit; margin: .4rem 0; }
"""


def document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def about(instance: str, switches: Assumptions, signed_in: bool) -> str:
    """The page at `/` and `/api`."""
    state = (
        "You are signed in."
        if signed_in
        else '<a href="/partner/sign_in">Sign in</a> to call the API from here.'
    )
    intro = (
        "<p>A local stand-in for the Inbox Health Partner API, for development and tests. "
        f"It holds no real data. Instance <code>{escape(instance)}</code>. {state}</p>"
    )
    operations = _table(
        ("Operation", "Verb", "Path"),
        ((name, verb, routes.ROOT + path) for name, verb, path in routes.table()),
    )
    assumed = _table(
        ("Switch", "Now", "Can be", "What is assumed"),
        ((s.name, switches[s.name], " · ".join(s.allowed), s.sentence) for s in SWITCHES.values()),
    )
    script = _table(("Fault", "What happens"), (faults.KINDS | faults.EVENT_KINDS).items())
    return document(
        "Inbox Health sandbox",
        f"{intro}<h2>Operations</h2>{operations}<h2>Assumptions</h2>{assumed}<h2>Faults</h2>{script}",
    )


def sign_in(csrf: str, message: str = "") -> str:
    refusal = f'<p role="alert">{escape(message)}</p>' if message else ""
    return document(
        "Sign in to the Inbox Health sandbox",
        f'{refusal}<form method="post" action="/partner/sign_in">'
        f'<input type="hidden" name="authenticity_token" value="{escape(csrf)}">'
        '<label>User <input name="user" autocomplete="username" required></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password" required>'
        "</label>"
        "<button>Sign in</button></form>",
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
