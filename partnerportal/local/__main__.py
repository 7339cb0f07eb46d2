"""`python -m partnerportal.local demo | keep`. Imports its siblings only."""

from __future__ import annotations

import argparse
import sys

from partnerportal.local import keeper
from partnerportal.local.layout import LocalError, layout


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m partnerportal.local", description="Local mode.")
    parser.add_argument("what", choices=["keep"], help="keep: hold the services for others")
    parser.add_argument("--hasty", action="store_true", help="services for tests: fast, not durable")
    parser.add_argument("--throwaway", action="store_true", help="remove DATA_DIR at the end")
    chosen = parser.parse_args()
    try:
        return keeper.keep(layout(), chosen.hasty, chosen.throwaway)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
