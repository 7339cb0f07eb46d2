"""The vendor's own documented requests are taken as they are, ids and unknown places aside.

The file's place comes from VENDOR_EXAMPLES; it is not part of the project.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.resources import RESOURCES
from tests.sandbox.conftest import LUIGI, Caller

PLACE = os.environ.get("VENDOR_EXAMPLES", "")
pytestmark = pytest.mark.skipif(not PLACE, reason="VENDOR_EXAMPLES does not name the vendor's examples")


def examples() -> list[Any]:
    """Those whose noun the sandbox keeps."""
    rows = json.loads(Path(PLACE).read_text())["requests"] if PLACE else []
    return [row for row in rows if re.split(r"[/?]", row["path"])[3] in RESOURCES]


@pytest.fixture
def ids(api: Caller, enterprise: int) -> dict[str, int]:
    parent: Any = {"enterprise_id": enterprise}
    (practice,) = api.ids("/practices")
    return {
        "enterprises": enterprise,
        "practices": practice,
        "doctors": api.create("doctor", **LUIGI, **parent)["id"],
        "patients": api.create("patient", **LUIGI, **parent)["id"],
    }


def placed(example: Any, ids: dict[str, int]) -> tuple[str, Any]:
    """The example with real ids in the places of the vendor's."""
    noun = re.split(r"[/?]", example["path"])[3]
    path = re.sub(rf"^/partner/v2/{noun}/\d+", f"/{noun}/{ids.get(noun, 0)}", example["path"])
    text = json.dumps(example["body"])
    text = re.sub(r'"enterprise_id": \d+', f'"enterprise_id": {ids["enterprises"]}', text)
    body = json.loads(text)
    for row in (body or {}).get("enterprise", {}).get("practices_attributes", []):
        row.update({"id": ids["practices"]} if "id" in row else {})
    return path.removeprefix("/partner/v2"), body


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one['method']} {one['path']}")
def test_an_example_is_taken(api: Caller, ids: dict[str, int], example: Any) -> None:
    path, body = placed(example, ids)
    seen = api.call(example["method"], path, body)
    assert seen.status in {200, 201}, seen
    root, sent = next(((root, value) for root, value in (body or {}).items() if root != "id"), ("", {}))
    answered = seen.json.get(root, {}) if sent else {}
    assert sent.keys() - {"practices_attributes", "id"} <= answered.keys()


@pytest.mark.skipif(not PLACE, reason="VENDOR_EXAMPLES does not name the vendor's examples")
def test_an_answer_has_the_attributes_of_the_documented_ones(api: Caller, ids: dict[str, int]) -> None:
    answers = json.loads(Path(PLACE).read_text())["answers"]
    enterprise = api.get(f"/enterprises/{ids['enterprises']}")["enterprise"]
    documented = answers["POST /partner/v2/enterprises"]["enterprise"]
    assert documented.keys() <= enterprise.keys()
    assert documented["enterprise_plan"].keys() <= enterprise["enterprise_plan"].keys()
    patient = api.get(f"/patients/{ids['patients']}")["patient"]
    assert answers["webhook body"]["event_data"]["object"].keys() - {"object"} <= patient.keys()
