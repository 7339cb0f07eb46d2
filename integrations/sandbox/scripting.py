"""The part of the sandbox's page that scripts a fault: a line to copy, and forms that do the same.

The forms call `/_sandbox/faults` of this very host; no key and no session is needed. Imports nothing.
"""

import json
from html import escape

PATH = "/_sandbox/faults"
EXAMPLE = {"kind": "drop_after", "operation": "patients.create", "count": 1}


def section(host: str) -> str:
    """What a fault is, how to set one from a terminal or from here, how to see and remove them."""
    body = f'<textarea name="body" rows="2" spellcheck="false">{escape(json.dumps(EXAMPLE))}</textarea>'
    line = f"curl -X POST http://{host}{PATH} -H 'Content-Type: application/json' -d '{json.dumps(EXAMPLE)}'"
    return (
        "<p>A fault makes the next requests that fit it go wrong. This one loses the answer to the next "
        "patient that is created; the patient is there all the same:</p>"
        f'<pre class="copy">{escape(line)}</pre>'
        "<p><code>operation</code> is an operation's name, <code>patients.*</code> or <code>*</code>; for "
        "the kinds that begin with <code>event_</code> an event's type. Without <code>count</code> it goes "
        "on until it is removed.</p>"
        + _form("POST", "Set this fault", f"<label>Fault {body}</label>")
        + _form("GET", "Show the faults that are set")
        + _form("DELETE", "Remove all faults")
    )


def _form(verb: str, button: str, fields: str = "") -> str:
    return (
        f'<form class="try" data-verb="{verb}" data-path="{PATH}">{fields}<button>{button}</button>'
        '<div class="answer" role="status"></div></form>'
    )
