"""What happened to a request, in one word and a reason: one closed table.

Owns Outcome and the reasons. May import operations only.
"""

from __future__ import annotations

from enum import StrEnum

from integrations.inboxhealth.operations import Operation


class Outcome(StrEnum):
    """The word that decides what may be done next."""

    ACCEPTED = "accepted"
    """It was done, and the answer says so."""
    REJECTED = "rejected"
    """The API understood and refused: sending the same again changes nothing."""
    NOT_PROCESSED = "not_processed"
    """It was certainly not done (or only read): it may simply be sent later."""
    UNKNOWN = "unknown"
    """A write may or may not have been done: look there before sending again. Contract 8."""
    UNAUTHORISED = "unauthorised"
    """The key was refused: nothing on this key will do better."""
    GONE = "gone"
    """The record, or the parent of the list, is not there (any more)."""


class Failure(StrEnum):
    """Why there is no answer that can be read. The first group happened before a byte was written."""

    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    RESET_BEFORE_SEND = "reset_before_send"
    MUST_END = "must_end"

    READ_TIMEOUT = "read_timeout"
    RESET_AFTER_SEND = "reset_after_send"
    CLOSED_WITHOUT_ANSWER = "closed_without_answer"
    BAD_ANSWER = "bad_answer"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"

    HTML = "html_instead_of_json"
    EMPTY_BODY = "empty_body"
    NOT_JSON = "not_json"
    ROOT_MISSING = "root_missing"
    ID_MISSING = "id_missing"


NEVER_WRITTEN = frozenset(
    {
        Failure.DNS,
        Failure.CONNECTION_REFUSED,
        Failure.CONNECT_TIMEOUT,
        Failure.UNREACHABLE,
        Failure.TLS,
        Failure.RESET_BEFORE_SEND,
        Failure.MUST_END,
    }
)

# (outcome of a write, outcome of a read, reason). A read has no outcome "unknown": asking again harms
# nothing.
_Row = tuple[Outcome, Outcome, str]
_A, _R, _N, _U = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.NOT_PROCESSED, Outcome.UNKNOWN

_BY_STATUS: dict[int, _Row] = {
    # A redirect is not followed. 307 and 308 tell the sender to repeat the same request elsewhere, so it was
    # not acted on here (RFC 9110, 15.4); 301 to 303 are also what a server sends after it has acted.
    307: (_N, _N, "redirect"),
    308: (_N, _N, "redirect"),
    400: (_R, _R, "validation"),
    401: (Outcome.UNAUTHORISED, Outcome.UNAUTHORISED, "key_refused"),
    403: (_R, _R, "forbidden"),
    # The server says that the request did not arrive in time; we know that it was written. One of us is
    # wrong.
    408: (_U, _N, "http_408"),
    409: (_R, _R, "conflict"),
    422: (_R, _R, "validation"),
    # Too Early: refused before processing (RFC 8470).
    425: (_N, _N, "http_425"),
    429: (_N, _N, "rate_limited"),
    # A proxy's word for "the client hung up": the API behind it may have acted.
    499: (_U, _N, "http_499"),
}


def classify(
    operation: Operation, status: int | None = None, failure: Failure | None = None
) -> tuple[Outcome, str]:
    """The outcome of a call and a stable word for why. Source: contract 3 and 8.

    `status` is that of the answer, if one came; `failure` what kept it from being read, if anything did.
    """
    if status is None or (failure is not None and status < 300):
        return _without_answer(operation, failure or Failure.BAD_ANSWER)
    if 200 <= status < 300:
        return _A, "accepted"
    if status in (404, 410):
        return _missing(operation, failure)
    row = _BY_STATUS.get(status) or _by_hundred(status)
    return (row[0] if operation.writes else row[1]), row[2]


def _without_answer(operation: Operation, failure: Failure) -> tuple[Outcome, str]:
    if failure in NEVER_WRITTEN or not operation.writes:
        return _N, failure.value
    return _U, failure.value


def _missing(operation: Operation, failure: Failure | None) -> tuple[Outcome, str]:
    # A proxy's own page says nothing about the record: taking it for gone would unlink what is there.
    if failure is Failure.HTML:
        return _R, failure.value
    # Without an id in the path there is nothing that could be gone: the address or a parent is wrong.
    return (Outcome.GONE if "{id}" in operation.path else _R), "not_found"


def _by_hundred(status: int) -> _Row:
    if 300 <= status < 400:
        return _U, _N, "redirect"
    if 400 <= status < 500:
        return _R, _R, f"http_{status}"
    # 5xx: the API may have failed after it had acted. Anything below 200 or above 599 is no answer that we
    # know.
    return _U, _N, f"http_{status}"
