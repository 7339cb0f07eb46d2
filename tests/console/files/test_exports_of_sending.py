"""Deliveries and batches go out as files: what their page shows, in the asker's scope, no person in it."""

from __future__ import annotations

from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Export
from tests.console.cast import person, signed_in
from tests.console.files.test_exports import download, rows, start
from tests.console.sending import scene

REFUSED = {"cause_key": "validation:zip", "detail": {"errors": {"zip": ["00000 is invalid"]}}}


def test_the_deliveries_of_a_view_and_their_causes(operator: Staff, north: Enterprise) -> None:
    patient = scene.patient(north, 1, zip="00000")
    failed = scene.delivery(patient, "failed", reason="validation", **REFUSED)
    scene.delivery(scene.patient(north, 2), "delivered")
    content = download(operator, start(operator, noun="delivery", query="tab=failed&page=2"))
    (row,) = rows(content)
    assert row["Delivery"] == failed.short_id
    assert (row["Record"], row["State"], row["Enterprise"]) == (
        f"P-{failed.record_id}", "Failed", "North Clinic",
    )  # fmt: skip
    assert "ZIP" in row["Cause"]
    for private in ("00000", patient.last_name):
        assert private.encode() not in content
    assert Export.objects.get().filename == f"deliveries-{Export.objects.get().short_id}.csv"


def test_batches_with_their_state(operator: Staff, north: Enterprise) -> None:
    job = scene.batch(north, 1)
    scene.delivery(scene.patient(north, 1), "failed", batch=job, **REFUSED)
    (row,) = rows(download(operator, start(operator, noun="batch")))
    assert (row["Batch"], row["State"], row["Enterprise"]) == (
        job.short_id, "Done, 1 failed", north.short_id,
    )  # fmt: skip


def test_only_what_the_asker_may_see(north: Enterprise, south: Enterprise) -> None:
    here, there = scene.patient(north, 1), scene.patient(south, 2)
    for record in (here, there):
        scene.delivery(record, "delivered", batch=scene.batch(record.enterprise, 1))
    scoped = person("nora", "operator", everywhere=False)
    scoped.scope.create(enterprise=north)
    several = scene.batch(north, 2, staff_id=scoped.pk)
    Job.objects.filter(pk=several.pk).update(enterprise_id=None)
    (row,) = rows(download(scoped, start(scoped, noun="delivery")))
    assert row["Record"] == here.short_id
    listed = rows(download(scoped, start(scoped, noun="batch")))
    assert len(listed) == 2
    assert several.short_id in {row["Batch"] for row in listed}


def test_who_may_not_see_deliveries_takes_none_out(operator: Staff) -> None:
    nobody = person("nick")
    data = {"noun": "delivery", "scope": "all", "query": "", "shape": "rows", "form": "csv"}
    assert signed_in(nobody).post(reverse("export_start"), data).status_code in (403, 404)
    assert not Export.objects.exists()


def test_the_buttons_stand_on_both_lists(operator: Staff, north: Enterprise) -> None:
    scene.delivery(scene.patient(north, 1), "failed", batch=scene.batch(north, 1), **REFUSED)
    client = signed_in(operator)
    for name, noun in (("deliveries", "delivery"), ("batches", "batch")):
        text = client.get(reverse(name)).content.decode()
        assert f'<input type="hidden" name="noun" value="{noun}">' in text
        asked = {"noun": noun, "scope": "all", "query": ""}
        chosen = client.post(reverse("export_choose"), asked).content.decode()
        assert "Export 1 " in chosen
        assert "Ids only" not in chosen
