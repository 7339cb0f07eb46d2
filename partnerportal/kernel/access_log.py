"""gunicorn's access log without secrets: no query, no user, and no token of an address."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from partnerportal.kernel.logs import without_token

FORMAT = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'


class AccessLogger(Logger):
    """Used by gunicorn.conf.py."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> Any:
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = without_token(str(atoms["U"]))
        return atoms
