"""What the tests of files in share: the sample files, an enterprise, and one call from bytes to an import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from partnerportal.audit.context import Context
from partnerportal.records.imports import services
from partnerportal.records.imports.reading import ZIP
from partnerportal.records.models import Enterprise, Import

SAMPLE = Path(services.__file__).parent / "sample"
WHO = Context(actor="command:test", origin="command")
Bring = Callable[..., Import]


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return Enterprise.objects.create(name="Birch Family Medicine", state="MA")


@pytest.fixture
def checked(enterprise: Enterprise) -> Bring:
    """Upload and check; text or bytes."""

    def bring(
        content: str | bytes,
        *,
        kind: str = "patients",
        into: Enterprise | None = enterprise,
        name: str = "a.csv",
    ) -> Import:
        data = content.encode() if isinstance(content, str) else content
        here = data.startswith(ZIP)  # a worker's work, done by this process
        return services.begin(WHO, kind=kind, enterprise=into, filename=name, data=data, here=here)

    return bring


@pytest.fixture
def imported(checked: Bring) -> Bring:
    """Upload, check and import."""

    def bring(content: str | bytes, **more: object) -> Import:
        return services.confirm(WHO, checked(content, **more), here=True)

    return bring


@pytest.fixture
def patients_csv() -> bytes:
    return (SAMPLE / "patients.csv").read_bytes()
