"""What each kind of fault does with a request. Imports jobs and faults; the socket's part is in server.py."""

import threading
import time
from collections.abc import Callable

from integrations.sandbox.faults import Fault
from integrations.sandbox.job import Job, never
from integrations.sandbox.messages import Answer, RefusedError, Reply, as_answer, as_json, page

HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
NOTHING = Answer(0)


def act(job: Job, fault: Fault) -> Reply:
    return ACTS[fault.kind](job, fault)


def too_many(retry_after: float | None) -> Answer:
    """429 as an API gateway says it; `retry_after` in seconds."""
    headers = {} if retry_after is None else {"Retry_After": str(max(1, round(retry_after + 0.5)))}
    return as_json({"message": "Too Many Requests"}, 429, **headers)


def _shown(answer: Answer) -> Callable[[int], int | None]:
    return lambda _status: answer.status


def _refused(job: Job, fault: Fault) -> Reply:
    seconds = fault.parameters.get("retry_after")
    return _instead(job, too_many(None if seconds is None else seconds - 0.5))


def _instead(job: Job, answer: Answer) -> Reply:
    job.note(answer.status)
    return Reply(answer)


def _after_all(job: Job, answer: Answer) -> Reply:
    job.perform(_shown(answer))
    return Reply(answer)


def _html(fault: Fault) -> Answer:
    return page(HTML, int(fault.number("status")))


def _error() -> Answer:
    return page("<html><body><h1>500 Internal Server Error</h1></body></html>", 500)


def _drop_before(job: Job, fault: Fault) -> Reply:
    job.note(None)
    return Reply(NOTHING, "drop")


def _drop_after(job: Job, fault: Fault) -> Reply:
    job.perform(never)
    return Reply(NOTHING, "drop")


def _hang(job: Job, fault: Fault) -> Reply:
    job.note(None)
    return Reply(NOTHING, "hang")


def _late(job: Job, fault: Fault) -> Reply:
    line = job.note(None)
    timer = threading.Timer(fault.number("delay"), job.perform, kwargs={"shown": never, "line": line})
    timer.daemon = True
    timer.start()
    return Reply(NOTHING, fault.parameters.get("connection", "hang"))


def _held(job: Job, fault: Fault) -> Reply:
    line = job.note(None)
    fault.held.append(lambda: job.perform(shown=never, line=line))
    return Reply(NOTHING, fault.parameters.get("connection", "hang"))


def _slow(job: Job, fault: Fault) -> Reply:
    time.sleep(fault.number("delay"))
    return Reply(job.perform())


def _refuse_key(job: Job, fault: Fault) -> Reply:
    return _instead(job, as_answer(RefusedError(401, "HTTP Basic: Access denied."), job.switches))


def _not_valid(job: Job, fault: Fault) -> Reply:
    said = {
        str(fault.parameters.get("attribute", "base")): [str(fault.parameters.get("message", "is invalid"))]
    }
    return _instead(job, as_answer(RefusedError(422, said), job.switches))


ACTS: dict[str, Callable[[Job, Fault], Reply]] = {
    "429": _refused,
    "500_before": lambda job, fault: _instead(job, _error()),
    "500_after": lambda job, fault: _after_all(job, _error()),
    "drop_before": _drop_before,
    "drop_after": _drop_after,
    "late": _late,
    "held": _held,
    "hang": _hang,
    "drip": lambda job, fault: Reply(job.perform(), "drip", fault.number("interval")),
    "half": lambda job, fault: Reply(job.perform(), "half"),
    "html": lambda job, fault: _after_all(job, _html(fault)),
    "html_before": lambda job, fault: _instead(job, _html(fault)),
    "filter_ignored": lambda job, fault: Reply(job.perform(quirks=frozenset({"filter"}))),
    "sort_ignored": lambda job, fault: Reply(job.perform(quirks=frozenset({"sort"}))),
    "slow": _slow,
    "refuse_key": _refuse_key,
    "refuse": _not_valid,
}
