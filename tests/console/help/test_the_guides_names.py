"""Whatever guide and error catalogue name of the console stands on one of its pages under exactly that name.

The pages are drawn, each address with one of everything there, and in some states that hold buttons of their
own. In the guide a name is set in italics; " … " in it stands for a number or a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console import catalogue, guide_chapters, words
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.records.models import Endpoint, Sighting
from tests.browser.sample import demo_person, make_sample
from tests.browser.test_axe_over_all_pages import ALL, address_of
from tests.cast import make_patient
from tests.console.cast import person, signed_in
from tests.console.help.names_shown import names_in
from tests.console.sending import scene

pytestmark = pytest.mark.django_db(transaction=True)
OF_THE_GUIDE = ("guide", "guide_chapter", "guide_errors", "guide_error")  # they would prove themselves
_ITALIC = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
_BOLD = re.compile(r"\*\*[^*]+\*\*")


def files() -> Iterator[tuple[str, str]]:
    for slug, _, _ in guide_chapters.CHAPTERS:
        yield slug, (guide_chapters.FOLDER / f"{slug}.md").read_text()


def drawn(client: Client, address: str) -> set[str]:
    answer = client.get(address)
    html = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return names_in(answer.content.decode()) if html and answer.status_code == 200 else set()


def states(staff: Staff, sample: SimpleNamespace, client: Client) -> Iterator[set[str]]:
    """Pages again, in states of which the sample has none."""
    yield drawn(client, reverse("job", args=[sample.done.pk]))
    yield drawn(client, reverse("admin:records_patient_change", args=[sample.cancellable.record_id]))
    yield drawn(signed_in(person("new", "operator")), reverse("account"))
    alike = scene.delivery(make_patient(sample.enterprise), "blocked", reason="looks_alike")
    candidates = {"candidates": [{"record": {"id": 669}, "differs": []}]}
    Delivery.objects.filter(pk=alike.pk).update(needs_person_since=alike.created_at, detail=candidates)
    yield drawn(client, reverse("decide", args=[alike.pk]))
    Endpoint.objects.filter(pk=sample.endpoint.pk).update(paused=True)
    yield drawn(client, reverse("endpoint", args=[sample.endpoint.pk]))
    Job.objects.filter(pk=sample.pull.pk).update(state=Job.State.DONE)
    yield drawn(client, reverse("differences"))
    Sighting.objects.filter(noun="enterprise").delete()
    yield drawn(client, f"{reverse('differences')}?tab=only-there&noun=enterprise")
    yield drawn(client, imported(sample, client, "A,B\n1,2\n"))
    two = "MRN,First,Last,DOB\n901,Nora,Nilsen,1990-01-02\n902,Olaf,Olsen,1991-02-03\n"
    yield drawn(client, imported(sample, client, two))
    one = sample.patient
    alike_row = f"MRN,First,Last,DOB\n900,{one.first_name},{one.last_name},{one.date_of_birth}\n"
    yield drawn(client, imported(sample, client, alike_row) + "?tab=maybe")


def imported(sample: SimpleNamespace, client: Client, rows: str) -> str:
    """The address of the import that a file becomes."""
    file = SimpleUploadedFile("odd.csv", rows.encode(), "text/csv")
    said = {"kind": "patients", "enterprise": sample.enterprise.pk, "file": file}
    return str(client.post(reverse("import"), said)["Location"])


def shown(name: str, names: set[str]) -> bool:
    """Exactly, or with something in the place of " … "."""
    if name in names:
        return True
    pattern = re.escape(name).replace(r"\ …\ ", " .+ ").replace(r"\ …", " .+") if " …" in name else ""
    return bool(pattern) and any(re.fullmatch(pattern, one) for one in names)


def pressed(text: str) -> Iterator[str]:
    """What an entry of the catalogue says to press, and what follows it."""
    yield from (text[found.end() :].lstrip("“") for found in re.finditer(r"[Pp]ress ", text))


def begins_with_one(text: str, names: set[str]) -> bool:
    return any(text.startswith(name) and not text[len(name) :][:1].isalnum() for name in names)


def pages(staff: Staff) -> Iterator[set[str]]:
    """The names on one page after the other."""
    sample, client = make_sample(staff), signed_in(staff)
    yield from (
        drawn(client, address_of(name, sample))
        for name in sorted(ALL, key=lambda one: one.startswith("admin:"))
        if name not in OF_THE_GUIDE
    )
    yield from states(staff, sample, client)


def test_each_name_in_guide_and_catalogue_is_one_of_the_consoles() -> None:
    told = [(slug, name) for slug, text in files() for name in _ITALIC.findall(_BOLD.sub("", text))]
    acts = [text for entry in catalogue.ENTRIES for text in pressed(entry.do)]
    assert len(told) > 50 and len(acts) > 15
    for names in pages(demo_person()):
        told = [pair for pair in told if not shown(pair[1], names)]
        acts = [text for text in acts if not begins_with_one(text, names)]
        if not told and not acts:
            break
    assert [*told, *acts] == []


def test_a_name_that_is_almost_one_is_none() -> None:
    names = {"Save and push…", "Import 297 patients", "Replay"}
    assert shown("Import … patients", names) and begins_with_one("Replay. Then wait.", names)
    assert not shown("Save and push", names) and not shown("Import … doctors", names)
    assert not begins_with_one("Replays", names)


def test_each_state_that_the_guide_explains_is_one_of_the_consoles() -> None:
    text = dict(files())["onboarding-new-clients"].partition("## What the states mean")[2]
    told = {name for line in text.splitlines() for name in re.findall(r"\*\*([^*]+)\*\*", line)}
    assert told and told <= {word.text for word in words.STATES.values()}
