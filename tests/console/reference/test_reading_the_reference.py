"""The reference as a person reads it: every operation with facts and sources, the search, the document."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from integrations.inboxhealth.operations import OPERATIONS
from partnerportal.accounts.models import Staff
from partnerportal.console import reference_outline
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator", "outsider"])
def test_everybody_reads_it_and_finds_it_in_the_menu(role: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(role))
    text = client.get("/reference/").content.decode()
    assert 'href="/reference/"' in text and "API reference" in text
    assert client.get("/reference/patients.create/").status_code == 200


def test_every_operation_has_its_page_with_verb_path_and_where_it_is_known_from(operator: Staff) -> None:
    client = signed_in(operator)
    for name, operation in OPERATIONS.items():
        seen = client.get(f"/reference/{name}/")
        text = seen.content.decode()
        assert seen.status_code == 200, name
        assert operation.path in text and operation.verb in text
        assert (
            f"Known from {reference_outline.outlined(name).source.split(';')[0]}".replace("'", "&#x27;")
            in text
        )


def test_an_attribute_says_type_need_meaning_and_source(auditor: Staff) -> None:
    rows = {row.name: row for row in reference_outline.outlined("patients.create").body}
    chart = rows["patient.health_record_id"]
    assert (chart.kind, chart.required, chart.source) == ("text", False, "seen in other integrations")
    assert rows["patient.enterprise_id"].required and rows["patient.enterprise_id"].kind == "whole number"
    assert rows["patient.external_ids"].source == "our assumption"
    assert "patient.external_ids[].issuer" in rows
    text = signed_in(auditor).get("/reference/patients.create/").content.decode()
    assert "seen in other integrations" in text and chart.text.replace("'", "&#x27;") in text


def test_a_name_that_is_no_operation_is_not_found(operator: Staff) -> None:
    assert signed_in(operator).get("/reference/patients.explode/").status_code == 404


def test_the_search_keeps_what_has_every_word(operator: Staff) -> None:
    client = signed_in(operator)
    text = client.get("/reference/", {"q": "create line item"}).content.decode()
    assert "/reference/line_items.create/" in text and "/reference/patients.create/" not in text
    assert "No operation has" in client.get("/reference/", {"q": "zebra"}).content.decode()


def test_the_document_can_be_taken_along_and_is_valid(auditor: Staff) -> None:
    seen = signed_in(auditor).get("/reference/openapi.json")
    assert seen["Content-Disposition"] == 'attachment; filename="inbox-health-openapi.json"'
    validate(json.loads(seen.content))


def test_who_may_not_try_reads_why(auditor: Staff, outsider: Staff, operator: Staff) -> None:
    page = "/reference/patients.list/"
    assert "for operators and administrators" in signed_in(auditor).get(page).content.decode()
    assert "who may see all of them" in signed_in(outsider).get(page).content.decode()
    writing = signed_in(operator).get("/reference/patients.create/").content.decode()
    assert "needs a grant" in writing and "reference/patients.create/try/" not in writing
