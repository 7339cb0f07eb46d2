"""The header `X-InboxHealth-Signature`: base64 of HMAC-SHA1 over the URL and the normalised body.

Source: contract, section 6. Imports normalizing only.
"""

import base64
import hashlib
import hmac
import json

from integrations.sandbox.webhooks.normalizing import normalize

HEADER = "X-InboxHealth-Signature"


def signature(key: str, url: str, body: str) -> str:
    """`url` exactly as it was registered; `body` is the JSON text that is sent."""
    signed = url + normalize(json.loads(body))
    return base64.b64encode(hmac.digest(key.encode(), signed.encode(), hashlib.sha1)).decode()
