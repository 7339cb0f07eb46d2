"""The sandbox's own HTML: what it is, its reference, switches and faults; nothing loaded from elsewhere.

Imports tables to show; no storage.
"""

from collections.abc import Iterable
from html import escape

from integrations.sandbox import faults, reference, scripting
from integrations.sandbox.assumptions import SWITCHES, Assumptions
from integrations.sandbox.reference_bodies import Newest
from integrations.sandbox.sessions import USER, Session

STYLE = """
:root { color-scheme: light dark; --line: #8886; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; margin: .6rem 0; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
label, input, button, textarea { display: block; font: inherit; margin: .4rem 0; }
pre.copy { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.copy { padding: .7rem; border: 1px solid var(--line); border-radius: 8px; }
input, textarea { box-sizing: border-box; padding: .3rem .5rem; max-width: 100%; }
textarea { width: 100%; font: 14px/1.45 ui-monospace, monospace; }
summary { cursor: pointer; padding: .35rem 0; overflow-wrap: anywhere; }
.resource > summary { font-weight: 600; }
.operation { margin-left: 1rem; border-left: 2px solid var(--line); padding-left: .9rem; }
.verb { display: inline-block; min-width: 4.2rem; font: 600 13px/1.6 ui-monospace, monospace; }
.try { margin: .4rem 0 1.2rem; padding: .6rem 1rem; border: 1px solid var(--line); border-radius: 8px; }
.try button { padding: .35rem .9rem; }
.answer pre { overflow: auto; max-height: 24rem; padding: .7rem; border: 1px solid var(--line); }
code { overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
"""


def document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def about(instance: str, host: str, switches: Assumptions, session: Session | None, newest: Newest) -> str:
    """The page at `/` and `/api`: what this is, and every operation to read about and to try.

    `host`: name and port it was called by, for lines to copy.
    """
    signed_in = bool(session and session.account)
    intro = (
        "<p>A local stand-in for the Inbox Health Partner API, for development and tests. "
        f"It holds no real data. Instance <code>{escape(instance)}</code>.</p>"
    )
    assumed = _table(
        ("Switch", "Now", "Can be", "What is assumed"),
        ((s.name, switches[s.name], " · ".join(s.allowed), s.sentence) for s in SWITCHES.values()),
    )
    kinds = _table(("Fault", "What happens"), (faults.KINDS | faults.EVENT_KINDS).items())
    return document(
        "Inbox Health sandbox",
        f"{intro}{_who(session)}<h2>Operations</h2>"
        "<p>A request without a key is made by your session, so what you try here needs none. It counts "
        "towards the limit, and stands in the log of requests.</p>"
        f"{reference.section(newest, signed_in=signed_in)}"
        f"<h2>Assumptions</h2>{assumed}<h2>Faults</h2>{scripting.section(host)}{kinds}"
        f"<script>{reference.SCRIPT.read_text()}</script>",
    )


def _who(session: Session | None) -> str:
    if session is None or not session.account:
        return f"<p>{reference.SIGN_IN} to call the API from here.</p>"
    return (
        f'<form method="post" action="/partner/sign_out"><p>You are signed in as {escape(USER)}.</p>'
        f'<input type="hidden" name="authenticity_token" value="{escape(session.csrf)}">'
        "<button>Sign out</button></form>"
    )


def sign_in(csrf: str, message: str = "") -> str:
    refusal = f'<p role="alert">{escape(message)}</p>' if message else ""
    return document(
        "Sign in to the Inbox Health sandbox",
        f"{refusal}<p>The user is <code>{USER}</code>. The password stands in the terminal in which the "
        "sandbox was started, in the line that begins with “Sandbox page”. It is not the portal's password, "
        'and no API key.</p><form method="post" action="/partner/sign_in">'
        f'<input type="hidden" name="authenticity_token" value="{escape(csrf)}">'
        f'<label>User <input name="user" value="{USER}" autocomplete="username" required></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password" required>'
        "</label>"
        "<button>Sign in</button></form>",
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table tabindex='0'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
