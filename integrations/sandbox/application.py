"""All parts put together, and which of them answers a path. Imports everything but the server."""

from pathlib import Path

from integrations.sandbox import records
from integrations.sandbox.api import Api
from integrations.sandbox.conditions import Conditions
from integrations.sandbox.control import ROOT as CONTROL
from integrations.sandbox.control import Control
from integrations.sandbox.door import Door
from integrations.sandbox.insider import Insider
from integrations.sandbox.keys import Keys
from integrations.sandbox.limits import Meter
from integrations.sandbox.messages import Call, Reply
from integrations.sandbox.portal import Portal
from integrations.sandbox.routes import ROOT as API
from integrations.sandbox.sessions import Sessions
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks.outbox import Outbox
from integrations.sandbox.webhooks.sender import Sender
from integrations.sandbox.webhooks.subscriptions import Subscriptions


class Application:
    """A sandbox without sockets."""

    def __init__(self, folder: Path, api_keys: list[str], conditions: Conditions) -> None:
        self.store = Store(folder)
        keys, meter = Keys(self.store), Meter()
        for key in filter(None, api_keys):
            keys.add(key=key)
        switches = conditions.switches
        sessions = Sessions(conditions.password, keys.main_account)
        subscriptions = Subscriptions(self.store, keys, switches)
        sender = Sender(self.store, subscriptions, switches, meter.idle, conditions.webhook_hosts)
        outbox = Outbox(subscriptions, conditions.faults, sender.hand_over, sender.reload)
        self._api = Api(self.store, Door(keys, sessions, switches), meter, conditions, outbox)
        insider = Insider(self.store, keys, switches, outbox)
        insider.catch_up()
        self._control = Control(self.store, keys, meter, conditions, outbox, insider)
        sender.start()
        self._portal = Portal(sessions, switches, self._newest)

    def answer(self, call: Call) -> Reply:
        if call.path.startswith(f"{API}/"):
            return self._api.handle(call)
        if call.path.startswith(CONTROL):
            return Reply(self._control.handle(call))
        return Reply(self._portal.handle(call, self.store.instance))

    def _newest(self, resource: str) -> int | None:
        with self.store.transaction() as tx:
            return records.newest(tx, resource)
