"""Another key: events signed with the old or the new one are taken, under both readings of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.accounts import keys
from partnerportal.accounts.models import ApiKey
from partnerportal.records.models import Patient
from partnerportal.webhooks import rotation
from partnerportal.webhooks.models import Event, Refusal, RetiredKey
from tests.webhooks.scene import Channel, ada, channel, fingerprint

__all__ = ["ada", "channel"]


def new_key(channel: Channel) -> ApiKey:
    secret = channel.stage.sandbox.admin("POST", "keys", {})["api_key"]
    return keys.candidate(secret, "basic", None)


def test_before_a_key_is_replaced_it_is_known_what_it_signs(channel: Channel) -> None:
    assert rotation.signed_by(channel.stage.key) == [channel.endpoint]
    assert rotation.signing_key(channel.endpoint) == channel.stage.key


@pytest.mark.parametrize("reading", ["until_touched", "newest_at_once"])
def test_no_event_is_lost_while_the_key_is_replaced(channel: Channel, ada: Patient, reading: str) -> None:
    channel.heard(lambda: not Event.objects.filter(state="waiting").exists() and Event.objects.exists())
    channel.change_there(ada, city="Before")
    channel.heard(lambda: Patient.objects.get().city == "Before")
    new = new_key(channel)
    channel.stage.sandbox.assume(signing_key=reading)
    rotation.replace(ApiKey.objects.get(), new, channel.stage.context)
    channel.change_there(ada, city="Between")
    channel.heard(lambda: Patient.objects.get().city == "Between")
    channel.stage.run()
    channel.change_there(ada, city="After")
    channel.heard(lambda: Patient.objects.get().city == "After")
    assert Event.objects.order_by("-pk")[0].signed_by == new.fingerprint
    assert not Refusal.objects.exists()
    channel.heard(lambda: not RetiredKey.objects.filter(ended_at=None).exists())
    assert rotation.signing_key(channel.endpoint) == ApiKey.objects.get(is_service=True)


def test_once_the_new_key_is_seen_to_sign_the_old_one_is_refused(channel: Channel, ada: Patient) -> None:
    old = ApiKey.objects.get()
    rotation.replace(old, new_key(channel), channel.stage.context)
    channel.stage.run()
    channel.change_there(ada, city="After")
    channel.heard(lambda: not RetiredKey.objects.filter(ended_at=None).exists())
    assert RetiredKey.objects.get().key == old
    assert old.fingerprint == fingerprint("sandbox-key-of-the-tests")


def test_another_service_key_takes_the_endpoints_over(channel: Channel, ada: Patient) -> None:
    other: Any = new_key(channel)
    other.save()
    rotation.name_service(other, channel.stage.context)
    channel.stage.run()
    channel.change_there(ada, city="Holyoke")
    channel.heard(lambda: Patient.objects.get().city == "Holyoke")
    assert Event.objects.order_by("-pk")[0].signed_by == other.fingerprint
