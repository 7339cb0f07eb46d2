"""One deployment belongs to one environment."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

from partnerportal.accounts import stamp

pytestmark = pytest.mark.django_db


def test_the_first_stamp_stays(told: Any) -> None:
    stamp.stamp("sandbox", "one")
    stamp.stamp("sandbox", "one")
    assert told("environment_stamped") == [("schedule", {"environment": "sandbox", "instance": "one"})]


@pytest.mark.parametrize(("name", "instance"), [("demo", ""), ("sandbox", "two")])
def test_another_environment_is_refused(name: str, instance: str) -> None:
    stamp.stamp("sandbox", "one")
    with pytest.raises(stamp.OtherEnvironment):
        stamp.stamp(name, instance)


def test_a_deployment_without_a_push_belongs_to_none_yet() -> None:
    stamp.verify("anything")


def test_the_start_up_check_names_the_mismatch_and_what_to_do(settings: Any) -> None:
    stamp.stamp("sandbox", "one")
    assert not run_checks(tags=["database"], databases=["default"])
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    found = run_checks(tags=["database"], databases=["default"])
    assert [error.id for error in found] == ["portal.E007"]
    assert "belongs to sandbox one, not to demo" in found[0].msg
    assert "INBOX_HEALTH_BASE_URL" in found[0].hint
