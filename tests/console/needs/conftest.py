"""A service key for every push."""

from __future__ import annotations

import pytest

from partnerportal.accounts.models import ApiKey
from tests.console.sending import scene


@pytest.fixture(autouse=True)
def key(db: None) -> ApiKey:
    return scene.service_key()
