"""All parts put together, and which of them answers a path. Imports everything but the server."""

from pathlib import Path

from integrations.sandbox.api import Api
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.control import ROOT as CONTROL
from integrations.sandbox.control import Control
from integrations.sandbox.door import Door
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.keys import Keys
from integrations.sandbox.limits import Limits
from integrations.sandbox.messages import Call, Reply
from integrations.sandbox.portal import Portal
from integrations.sandbox.routes import ROOT as API
from integrations.sandbox.sessions import Sessions
from integrations.sandbox.store import Store


class Application:
    """A sandbox without sockets. `rate` null switches the limits off."""

    def __init__(
        self,
        folder: Path,
        api_keys: list[str],
        password: str,
        limits: Limits,
        faults: FaultBook,
        switches: Assumptions,
    ) -> None:
        self.store = Store(folder)
        keys = Keys(self.store)
        for key in api_keys:
            keys.add(key=key)
        sessions = Sessions(password, keys.main_account)
        self._api = Api(self.store, Door(keys, sessions, switches), limits, faults, switches)
        self._control = Control(self.store, keys, self._api, limits, faults, switches)
        self._portal = Portal(sessions, switches)

    def answer(self, call: Call) -> Reply:
        if call.path.startswith(f"{API}/"):
            return self._api.handle(call)
        if call.path.startswith(CONTROL):
            return Reply(self._control.handle(call))
        return Reply(self._portal.handle(call, self.store.instance))
