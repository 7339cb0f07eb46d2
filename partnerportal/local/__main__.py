"""`python -m partnerportal.local demo | keep | migrate | prepare`. Imports its siblings only."""

from __future__ import annotations

import argparse
import signal
import sys

from partnerportal.local import demo, keeper, prepare
from partnerportal.local.layout import LocalError, layout
from partnerportal.local.processes import die_with_parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m partnerportal.local", description="Local mode.")
    parts = ["demo", "keep", "migrate", "prepare"]
    parser.add_argument("what", choices=parts, help="the demo, or one of its parts")
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent process (make) dies")
    parser.add_argument("--hasty", action="store_true", help="services for tests: fast, not durable")
    parser.add_argument("--throwaway", action="store_true", help="remove DATA_DIR at the end")
    chosen = parser.parse_args()
    if chosen.with_parent:
        die_with_parent(signal.SIGTERM)
    try:
        if chosen.what == "demo":
            return demo.run(layout())
        if chosen.what == "migrate":
            return prepare.migrate()
        if chosen.what == "prepare":
            return prepare.run()
        return keeper.keep(layout(), chosen.hasty, chosen.throwaway)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
