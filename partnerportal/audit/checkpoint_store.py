"""Where the checkpoint lies, outside the database: a file or an HTTPS address. Owns reading and replacing it.

It is only ever replaced by one that was made from it: `write` says no where somebody else was faster.
Imports settings only.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import http.client
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings

SECONDS = 5.0  # one call to the address may be silent at most so long
LARGEST = 1_000_000  # bytes

Document = dict[str, Any]


class Unreadable(Exception):
    """The checkpoint can't be read or written now. The text is a short reason without address or content."""


@dataclass(frozen=True)
class Found:
    """`document`: None where nothing lies there yet. `mark`: which version it was, for `write`."""

    document: Document | None
    mark: str | bytes | None


def read() -> Found:
    """What lies there now. Raises Unreadable."""
    if not settings.CHECKPOINT_URL:
        raise Unreadable("CHECKPOINT_URL is empty")
    if urlsplit(settings.CHECKPOINT_URL).scheme == "file":
        content = _content(_path())
        return Found(_parsed(content), content)
    status, body, headers = _call("GET")
    if status == http.client.NOT_FOUND:
        return Found(None, None)
    if status != http.client.OK:
        raise Unreadable(f"its address answered {status}")
    return Found(_parsed(body), headers.get("ETag"))


def write(document: Document, found: Found) -> bool:
    """Replace what was found; False where it is not what lies there any more. Raises Unreadable."""
    content = json.dumps(document, sort_keys=True).encode()
    if urlsplit(settings.CHECKPOINT_URL).scheme == "file":
        return _replace(_path(), content, found)
    condition = {"If-None-Match": "*"} if found.document is None else {}
    if isinstance(found.mark, str):
        condition = {"If-Match": found.mark}
    status, _, _ = _call("PUT", content, condition)
    if status in (http.client.PRECONDITION_FAILED, http.client.CONFLICT):
        return False
    if not 200 <= status < 300:
        raise Unreadable(f"its address answered {status}")
    return True


def _path() -> Path:
    return Path(unquote(urlsplit(settings.CHECKPOINT_URL).path))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if path.parent.is_dir():  # else its volume may not be mounted: that is no "nothing yet"
            return None
        raise Unreadable("its folder is not there") from None
    except OSError as error:
        raise Unreadable(type(error).__name__) from None


def _replace(path: Path, content: bytes, found: Found) -> bool:
    """Beside it, onto the disk, then in its place: whoever reads sees the old one or the new one whole."""
    beside = path.with_name(f"{path.name}.new")
    try:
        with path.with_name(f"{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _content(path) != found.mark:
                return False
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise Unreadable(type(error).__name__) from None
    return True


def _parsed(content: bytes | None) -> Document | None:
    if content is None:
        return None
    with contextlib.suppress(ValueError):
        document = json.loads(content)
        if isinstance(document, dict) and isinstance(document.get("sequences"), dict):
            return document
    raise Unreadable("what lies there is no checkpoint")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


# Of its surroundings it reads nothing: no proxy, no redirect.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def _call(
    method: str, content: bytes | None = None, more: dict[str, str] | None = None
) -> tuple[int, bytes, Any]:
    url, headers = _address()
    headers |= {"Content-Type": "application/json", **(more or {})}
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310  see portal.E010
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read(LARGEST), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, b"", error.headers
    except (OSError, http.client.HTTPException) as error:
        raise Unreadable(type(error).__name__) from None


def _address() -> tuple[str, dict[str, str]]:
    """The address without a name and password, which go as Basic authentication."""
    parts = urlsplit(settings.CHECKPOINT_URL)
    if parts.username is None:
        return settings.CHECKPOINT_URL, {}
    secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    host = parts.netloc.rpartition("@")[2]
    plain = urlunsplit(parts._replace(netloc=host))
    return plain, {"Authorization": f"Basic {base64.b64encode(secret).decode()}"}
