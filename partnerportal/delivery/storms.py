"""A storm: many failures of Inbox Health's own running on one key stop the key; a probe frees it.

What is sent into a storm only becomes unknown. Source: design, "Lanes and brakes". Imports the gateway.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from integrations.inboxhealth.errors import EnvironmentMismatch, LimiterUnavailable
from partnerportal.accounts.gateway import Gateway, NoKey
from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.delivery import brakes, telling
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.kernel.crash import crash_point

ROW = 20  # failures running
DEADLINE = 10.0  # seconds a probe waits for its answer
STORM = "storm"
# The answers on a key since it was last released, an hour at most: no status, or 500 and above, failed.
_LAST = """
SELECT count(*), count(*) FILTER (WHERE status IS NULL OR status >= 500) FROM (
    SELECT a.status FROM audit_exchange e JOIN audit_answer a ON a.exchange = e.id
    WHERE e.credential_fingerprint = %(key)s AND e.started_at > GREATEST(
        clock_timestamp() - interval '1 hour', (SELECT MAX(b.released_at) FROM delivery_brake b
        WHERE b.scope = 'key' AND b.target_id = %(id)s))
    ORDER BY e.started_at DESC LIMIT %(row)s) AS last
"""


def look(key: ApiKey) -> Brake | None:
    """Stop the key where the last answers on it were all failures; its brake."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"key": key.fingerprint, "id": key.pk, "row": ROW})
        answers, failed = cursor.fetchone() or (0, 0)
    if answers < ROW or failed < ROW:
        return None
    reason = (
        f"Inbox Health failed {ROW} times running on key {key.fingerprint}. It is asked every "
        f"{settings.DELIVERY_PROBE_SECONDS:g} seconds; sending goes on by itself when it answers."
    )
    return brakes.stop(Context(), reason, Brake.Scope.KEY, key.pk, cause=STORM)


def probe_due() -> int:
    """Ask once for each stormy key whose time it is; how many were freed."""
    if Brake.objects.filter(released_at=None, scope=Brake.Scope.ALL).exists():
        return 0  # somebody wants silence
    stormy = Brake.objects.filter(released_at=None, scope=Brake.Scope.KEY, cause=STORM)
    due = stormy.extra(  # on the database's clock
        where=["COALESCE(probed_at, created_at) < clock_timestamp() - make_interval(secs => %s)"],
        params=[settings.DELIVERY_PROBE_SECONDS],
    )
    freed = 0
    for brake in list(due):
        last = Coalesce(F("probed_at"), F("created_at"))
        mine = stormy.annotate(last=last).filter(pk=brake.pk, last=brake.probed_at or brake.created_at)
        if mine.update(probed_at=Now()):
            crash_point("probe_claimed")
            freed += _answers(brake) and _free(brake)
    return freed


def _answers(brake: Brake) -> bool:
    """One cheap read. A key that is refused or gone is another matter than a storm."""
    key = ApiKey.objects.filter(pk=brake.target_id or 0).first()
    if key is None:
        return True
    try:
        gateway = Gateway(key, Context(lane="background"), deadline=DEADLINE)
        reservation = gateway.reserve()
        if not reservation.granted:
            return False
        time.sleep(reservation.wait)
        reply = gateway.call("enterprises.list", query={"per_page": 1})
    except NoKey:
        return True
    except LimiterUnavailable:
        return False
    except EnvironmentMismatch as error:
        brakes.stop_all(str(error))
        return False
    return reply.status is not None and reply.status < 500


def _free(brake: Brake) -> bool:
    waiting = Delivery.objects.filter(key_id=brake.target_id, state__in=Delivery.OPEN).count()
    with transaction.atomic():  # whoever was told that it stopped is told that it goes on
        freed = brakes.release(Context(), brake)
        if freed:
            telling.resumed(brake, waiting)
    crash_point("sending_resumed")
    return freed
