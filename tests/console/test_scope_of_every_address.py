"""Somebody of one enterprise opens, and posts to, every address of the console with ids of another one.

Ids stand in the path, in the body, in a list's filter, and in plans that were made before the scope was
narrowed. Nothing succeeds that should not, no row of the other enterprise changes, none is made about it, and
no answer holds a word of it. The addresses and the other enterprise's rows are the axe walk's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from partnerportal.audit.context import Context
from partnerportal.delivery import billing, plans
from partnerportal.jobs.models import Job
from partnerportal.records.billing import Charge, Visit, assign_balance
from partnerportal.records.billing_status import SETTABLE
from partnerportal.records.exports import services as exports
from partnerportal.records.models import RECORDS, Doctor, Enterprise, Patient, Payment
from partnerportal.sync.models import ReceivedPayment
from tests.browser.sample import DAY, demo_person, make_sample
from tests.browser.test_axe_over_all_pages import ALL, ARGUMENTS, NEEDING, address_of
from tests.cast import make_enterprise, make_patient, make_practice
from tests.console.cast import person, signed_in
from tests.console.sending import scene

pytestmark = pytest.mark.django_db(transaction=True)
# Words of the other enterprise: names, addresses, numbers, an edit, a file's row.
CANARIES = (
    "Elm Street", "Byron", "Okafor", "Petrakis", "Harbor Point", "South Clinic", "Springfield", "Moreau",
    "ada@example.com", "801-31-3292", "Main office", "Annex", "The practice asked for it",
)  # fmt: skip
# What belongs to no enterprise. A key serves all of them: who keeps keys moves whatever waits on one.
GLOBAL = {
    *[name for name in ALL if name.startswith(("account", "staff", "guide", "reference", "welcome"))],
    *[f"endpoint{act}" for act in ("", "_change", "_pause", "_resume", "_check", "_unregister")],
    "key_test", "key_replace", "key_revoke", "key_name", "webhook",
}  # fmt: skip
# Pages about a noun, not about one of its records; their enterprise stands in the path and is refused there.
NOT_FOUND = (403, 404)
# Asked of Inbox Health within the request: no other enterprise's matter, and nobody answers here.
CALLS_OUT = {"key_test", "key_replace", "key_connect", "key_generate", "key_add", "reference_try"}
QUIET = (
    "django_session",
    "usersessions",
    "axes_",
    "accounts_tries",
    "pghistory_context",
    "django_migrations",
)
CHOOSES = re.compile(r'<(select|input)\b[^>]*\bname="enterprise"')
PLANNED, QUEUED, JOB = "delivery_planitem", "delivery_delivery", "jobs_job"
OF_ENTERPRISES = {noun: model for noun, model in RECORDS.items() if noun != "endpoint"}


@pytest.fixture
def foreign() -> SimpleNamespace:
    return make_sample(demo_person())


@pytest.fixture
def nora(foreign: SimpleNamespace) -> Any:
    """Every role, and one enterprise in scope; what she prepared while the other was in it is there still."""
    nora = person("nora", "operator", "administrator", "auditor", everywhere=False)
    nora.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    return nora


@pytest.fixture
def own(nora: Any) -> SimpleNamespace:
    enterprise = make_enterprise("Lakeside Clinic")
    nora.scope.create(enterprise=enterprise)
    patient = make_patient(enterprise, first_name="Quentin", last_name="Zweig")
    practice = make_practice(enterprise, "Pier 4")
    doctor = Doctor.objects.create(enterprise=enterprise, first_name="Ivo", last_name="Quill")
    charge = Charge("Office visit", each=10_000, covered=1_000, service_code="99213")
    invoice = assign_balance(
        patient, Visit(practice=practice, doctor=doctor, lines=[charge], date_of_service=DAY)
    )
    payment = Payment.objects.create(patient=patient, amount_cents=700, method="cash", paid_on=DAY)
    failed = {"reason": "validation", "cause_key": "validation:zip", "needs_person_since": timezone.now()}
    scene.attempt(scene.delivery(patient, "failed", **failed), "rejected", "validation")
    Patient.objects.filter(pk=patient.pk).update(missing_since=timezone.now())
    ReceivedPayment.objects.create(payment=payment, enterprise=enterprise, day=DAY)
    return SimpleNamespace(
        enterprise=enterprise, patient=patient, practice=practice, doctor=doctor, invoice=invoice,
        payment=payment, unapplied=payment, spare=patient, unsent_patient=patient,
        unsent_enterprise=enterprise,
    )  # fmt: skip


@pytest.fixture
def stale(foreign: SimpleNamespace, nora: Any, own: SimpleNamespace) -> SimpleNamespace:
    """Made by her, when she saw the other enterprise, too."""
    held = nora.scope.create(enterprise=foreign.enterprise)
    theirs = Patient.objects.filter(enterprise=foreign.enterprise)
    context, nora_batch = Context("user:nora", "console"), {"kind": "push", "staff_id": nora.pk, "total": 1}
    wanted = exports.Wanted("patient", "patients", "rows", "csv", True, {"ids": [foreign.patient.pk]}, 1)
    made = SimpleNamespace(
        plan=plans.make_plan(nora, "patient", theirs),
        billing=billing.freeze(nora, theirs.filter(pk=foreign.patient.pk), "Billing of 1 patient"),
        export=exports.begin(context, nora.pk, wanted),
        batch=Job.objects.create(label="Push 2 patients", actor="user:nora", state="running", **nora_batch),
    )
    scene.delivery(foreign.spare, "pending", batch=made.batch, actor="user:nora", lane="bulk")
    figures = {status: billing.figures(made.billing, status) for status in SETTABLE}
    made.shown = {status: (found.number, found.owed) for status, found in figures.items()}
    assert any(number for number, _ in made.shown.values())
    held.delete()
    return made


class Watched:
    """All rows of all tables; each request is undone after it was looked at."""

    def __init__(self, client: Client, foreign: SimpleNamespace) -> None:
        self.client, self.wrong = client, list[str]()
        self.others = set(Enterprise.objects.exclude(name="Lakeside Clinic").values_list("pk", flat=True))
        self.ids = {
            noun: set(
                model.objects.filter(**{f"{model.enterprise_path}in": self.others}).values_list(
                    "pk", flat=True
                )
            )
            for noun, model in OF_ENTERPRISES.items()
        }
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(
                "SELECT t FROM unnest(%s::text[]) t WHERE has_table_privilege(t, 'SELECT')", [tables]
            )
            readable = [
                row[0] for row in cursor.fetchall()
            ]  # what the services may not read, they can't change
        loud = [table for table in readable if not table.startswith(QUIET)]
        self.sql = " UNION ALL ".join(f"SELECT '{t}', to_jsonb(x)::text FROM \"{t}\" x" for t in loud)
        self.before = self.rows()

    def rows(self) -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql)
            return set(cursor.fetchall())

    def ask(
        self, what: str, method: str, address: str, body: Any = None, allowed: tuple[int, ...] = ()
    ) -> Any:
        with transaction.atomic():
            answer = getattr(self.client, method)(address, body)
            self._look(f"{method.upper()} {what}", answer, allowed)
            transaction.set_rollback(True)
        return answer

    def fail_if_wrong(self) -> None:
        assert not self.wrong, "\n".join(dict.fromkeys(self.wrong))

    def _look(self, what: str, answer: Any, allowed: tuple[int, ...]) -> None:
        said = b"".join(answer) if answer.streaming else answer.content
        text = said.decode(errors="replace") + str(answer.headers)
        for word in CANARIES:
            if word in text:
                self.wrong.append(f"{what}: {answer.status_code} says “{word}”")
        if answer.status_code == 500 or (allowed and answer.status_code not in allowed):
            self.wrong.append(f"{what}: answered {answer.status_code}")
        if answer.status_code in (403, 404, 405) and not allowed:
            return  # in the path all are compared, these too
        if connection.needs_rollback:
            self.wrong.append(f"{what}: broke its transaction")
            return
        after = self.rows()
        for table, row in self.before - after:
            if not self._is_her_own(table, json.loads(row)):
                self.wrong.append(f"{what}: changed {table} {json.loads(row).get('id')}")
        for table, row in after - self.before:
            if self._is_of_others(json.loads(row)):
                self.wrong.append(f"{what}: wrote {table} about another enterprise")

    def _is_her_own(self, table: str, row: dict[str, Any]) -> bool:
        return not self._is_of_others(row) and not (
            table == "records_enterprise" and row["id"] in self.others
        )

    def _is_of_others(self, row: dict[str, Any]) -> bool:
        if (row.get("enterprise_id") or row.get("enterprise") or 0) in self.others:
            return True
        if any(row.get(f"{noun}_id") in pks for noun, pks in self.ids.items()):
            return True
        return row.get("noun") in self.ids and row.get("record_id") in self.ids[row["noun"]]


@pytest.fixture
def watched(foreign: SimpleNamespace, stale: SimpleNamespace, nora: Any) -> Watched:
    client = signed_in(nora)
    client.raise_request_exception = False
    client.get("/account/")
    return Watched(client, foreign)


def bodies(foreign: SimpleNamespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a form may name: ids that were ticked, one record, or all that a filter matches."""
    enterprise = foreign.enterprise.pk
    said = {
        "enterprise": enterprise, "patient": foreign.patient.pk, "practice": foreign.practice.pk,
        "doctor": foreign.doctor.pk, "same": foreign.patient.pk, "seen": foreign.only_there.pk,
        "row": foreign.patient.pk, "owner": foreign.member.pk, "batch": foreign.batch.pk,
        "line": foreign.line.pk, "invoice": foreign.invoice.pk, "payment": foreign.payment.pk,
        "write_off_code": foreign.code.pk, "payment_reason": foreign.reason.pk, "key": foreign.own.pk,
        "account_type": foreign.account_type.pk, "reason": "because", "sure": "1", "confirmed": "1",
        "confirm": "1", "kind": "failed", "cause": "validation:zip", "status": "complete", "text": "note",
        "decision": "new", "choice": "ours", "amount": "1.00", "date": "11/02/2026", "shape": "rows",
        "form": "csv", "version": "1", "method": "cash", "day": "", "allowed": "yes", "minutes": "15",
        "reach": "enterprise", "remote_id": "104", "tab": "", "begin": "", "act": "aside", "push": "1",
    }  # fmt: skip
    ids = {
        noun: sorted(
            model.objects.filter(**{f"{model.enterprise_path}in": [enterprise]}).values_list("pk", flat=True)
        )
        for noun, model in OF_ENTERPRISES.items()
    }
    for noun in ("patient", "practice", "doctor", "invoice", "payment", "enterprise"):
        pks = ids[noun]
        yield f"ids of {noun}", {**said, "noun": noun, "ids": pks, "pk": pks[0]}
    others = [foreign.delivery.pk, foreign.cancellable.pk, foreign.undecided.pk]
    yield "ids of deliveries", {**said, "noun": "patient", "ids": others}
    yield "ids of events", {**said, "noun": "patient", "ids": [foreign.event.pk]}
    for noun in ("patient", "doctor", "invoice"):
        query = f"enterprise={enterprise}"
        yield f"all {noun} that match", {**said, "noun": noun, "scope": "all", "query": query, "all": query}
    yield "a brake", {**said, "scope": "enterprise"}


def test_ids_of_another_enterprise_in_the_path(watched: Watched, foreign: SimpleNamespace) -> None:
    for name in sorted(NEEDING - GLOBAL):
        address = address_of(name, foreign)
        for method in ("get", "post"):
            allowed = (*NOT_FOUND, 405, *([410] if name == "pull" else []))
            watched.ask(name, method, address, {"reason": "because", "confirm": "1", "sure": "1"}, allowed)
    watched.fail_if_wrong()


def test_what_was_prepared_before_the_scope_was_narrowed(watched: Watched, stale: SimpleNamespace) -> None:
    for name in sorted(name for name in NEEDING - GLOBAL if set(ARGUMENTS[name]) & set(vars(stale))):
        address = address_of(name, stale)
        watched.ask(f"stale {name}", "get", address)
        for status, (number, owed) in stale.shown.items():
            watched.ask(f"stale {name}", "post", address, {"status": status, "number": number, "owed": owed})
    watched.fail_if_wrong()


@pytest.mark.timeout(900)  # some 900 posts, and after each all rows are compared
def test_ids_of_another_enterprise_in_the_body(
    watched: Watched, foreign: SimpleNamespace, own: SimpleNamespace
) -> None:
    for name in sorted(set(ALL) - CALLS_OUT - {"webhook", "account_logout", "account_login"}):
        if name in NEEDING and not set(ARGUMENTS[name]) <= set(vars(own)) | {"=payment_reason"}:
            continue
        address = address_of(name, own).partition("?")[0] if name in NEEDING else address_of(name, foreign)
        for what, body in bodies(foreign):
            if watched.ask(f"{name} with {what}", "post", address, body).status_code == 405:
                break
    watched.fail_if_wrong()


def test_a_filter_by_another_enterprise_matches_nothing(
    watched: Watched, foreign: SimpleNamespace, own: SimpleNamespace
) -> None:
    """Where it were left out, her own rows stood there as if they were of that one."""
    lists = []
    for name in sorted(set(ALL) - NEEDING - GLOBAL):
        path = address_of(name, foreign).partition("?")[0]
        if CHOOSES.search(_said(watched.ask(name, "get", path))):
            mine = _said(watched.ask(name, "get", path, {"enterprise": own.enterprise.pk}))
            theirs = _said(watched.ask(name, "get", path, {"enterprise": foreign.enterprise.pk}))
            if _names_her_patient(mine, own):
                lists.append(name)
                if _names_her_patient(theirs, own):
                    watched.wrong.append(f"{name}: lists her own rows under another enterprise’s filter")
    assert {"deliveries", "exchanges", "admin:records_patient_changelist"} <= set(lists)
    body = {"scope": "all", "query": f"enterprise={foreign.enterprise.pk}", "shape": "rows", "form": "csv"}
    for name in ("push_selected", "billing_choose", "export_start", "compare"):
        for noun in ("patient", "invoice", "payment"):
            more = {"noun": noun, "enterprise": foreign.enterprise.pk}
            with transaction.atomic():
                watched.client.post(address_of(name, foreign).partition("?")[0], {**body, **more})
                made = {table for table, _ in watched.rows() - watched.before} & {PLANNED, QUEUED, JOB}
                if made - ({JOB} if name == "export_start" else set()):
                    watched.wrong.append(f"{name} of {noun}: made rows of {made}")
                transaction.set_rollback(True)
    watched.fail_if_wrong()


def _said(answer: Any) -> str:
    return "" if answer.streaming else str(answer.content.decode(errors="replace"))


def _names_her_patient(text: str, own: SimpleNamespace) -> bool:
    return "Zweig" in text or bool(re.search(rf"\bP-{own.patient.pk}\b", text))
