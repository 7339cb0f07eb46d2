"""Events that the vendor never sent: what a stranger might post to an endpoint. Imports signing only."""

import json
import secrets

from integrations.sandbox.webhooks.signing import signature

FORGERIES = ("wrong_key", "altered_body", "unsigned", "other_url")
ID_OFFSET = 1_000_000_000
"""A forged event's id is the true one's plus this, and its object is marked, so that it is known anywhere."""
MARK = "forged"


def forge(manner: str, key: str, url: str, body: str) -> tuple[str, str | None]:
    """The body and signature of a forged event; no signature where none is sent."""
    event = json.loads(body)
    event["id"] += ID_OFFSET
    event["event_data"]["object"][MARK] = True
    altered = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    if manner == "unsigned":
        return altered, None
    if manner == "altered_body":
        return altered, signature(key, url, body)
    if manner == "other_url":
        return altered, signature(key, f"{url}/", altered)
    return altered, signature(secrets.token_urlsafe(24), url, altered)
