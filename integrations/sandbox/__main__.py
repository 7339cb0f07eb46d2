"""`python -m integrations.sandbox`: starts it, says where it is, and ends at once when told to."""

import os
import signal
import sys
import threading

from integrations.sandbox.application import Application
from integrations.sandbox.options import read
from integrations.sandbox.server import Server
from integrations.sandbox.sessions import USER
from integrations.sandbox.store import StateInUseError

SWITCH_INTERVAL = 0.001
"""Seconds a thread may keep the interpreter: short, since each request needs it only briefly."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when told to end, 1 when the port or the state folder can't be had."""
    options, conditions = read(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        application = Application(options.state, options.api_key, conditions)
        server = Server((options.host, options.port), application.answer, lambda: application.store.instance)
    except (OSError, StateInUseError) as refusal:
        print(f"The sandbox can't start on {options.host}:{options.port}: {refusal}", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # An address that means "all of them" can't be called; this machine's own can.
    host = "127.0.0.1" if options.host in {"", "0.0.0.0"} else options.host  # noqa: S104
    if not options.portal_password:
        page = f"http://{host}:{server.server_port}/api"
        print(f"Sandbox page: {page}  sign in as {USER} / {conditions.password}", flush=True)
    print(f"Sandbox ready at http://{host}:{server.server_port}", flush=True)
    stop.wait()
    application.store.close()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Threads may still hang on a socket on purpose; they must not hold up the end.
    os._exit(status)
