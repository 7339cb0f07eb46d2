"""Staff pages: the invitation with its one-time link, and what only administrators reach."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db
NEW, LOGIN = "a sentence as password", "/accounts/login/"
INVITATION = {"name": "Nina Nord", "username": "nina", "email": "nina@example.com", "roles": ["operator"]}


def _link() -> str:
    found = re.search(r"https?://[^/]+(/accounts/welcome/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def _set_password(browser: Client, first: str = NEW, second: str = NEW) -> Any:
    """Follow the link of the last mail, and send the form it leads to."""
    page = browser.get(_link(), follow=True)
    assert page.redirect_chain == [("/accounts/welcome/", 302)]
    return browser.post("/accounts/welcome/", {"password1": first, "password2": second})


def test_an_invitation_becomes_a_person_who_signs_in(administrator: Staff) -> None:
    north = Enterprise.objects.create(name="North")
    signed_in(administrator).post("/staff/invite/", {**INVITATION, "enterprises": [north.pk]})
    nina = Staff.objects.get(username="nina")
    assert not nina.is_active
    browser = Client()
    assert browser.get(_link(), follow=True).status_code == 200
    assert not Staff.objects.get(username="nina").is_active, "a GET changed something"
    _set_password(browser)
    assert browser.post("/accounts/login/", {"login": "nina", "password": NEW})["Location"] == "/account/"
    assert list(Enterprise.objects.visible_to(Staff.objects.get(username="nina"))) == [north]


def test_the_link_works_once(administrator: Staff) -> None:
    signed_in(administrator).post("/staff/invite/", INVITATION)
    first, second = Client(), Client()
    second.get(_link())
    _set_password(first)
    assert Client().get(_link()).status_code == 410
    again = {"password1": "another sentence here", "password2": "another sentence here"}
    for browser in (first, second, Client()):
        assert browser.post("/accounts/welcome/", again).status_code == 410


def test_the_form_alone_proves_nothing(administrator: Staff) -> None:
    assert Client().get("/accounts/welcome/").status_code == 410
    assert signed_in(administrator).post("/accounts/welcome/", {"password1": NEW}).status_code == 410


def test_one_who_is_signed_in_may_follow_a_link_too(administrator: Staff, operator: Staff) -> None:
    own, other = signed_in(operator), signed_in(administrator)
    other.post(f"/staff/{operator.pk}/link/")
    for browser in (own, other):
        browser.get("/account/")
        browser.get(_link())
    assert own.post("/accounts/welcome/", {"password1": NEW, "password2": NEW})["Location"] == LOGIN
    assert own.get("/account/").status_code == 302, "setting a password ends every session of the person"
    assert "Your password is set." in own.get(LOGIN).content.decode()
    assert other.get("/account/").status_code == 200


def test_the_mail_names_no_patient_and_no_role(administrator: Staff) -> None:
    signed_in(administrator).post("/staff/invite/", INVITATION)
    assert mail.outbox[0].to == ["nina@example.com"]
    assert "operator" not in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), ("123456789012", "123456789012"), (NEW, "x")]
)
def test_a_weak_or_mistyped_password_is_refused(administrator: Staff, first: str, second: str) -> None:
    signed_in(administrator).post("/staff/invite/", INVITATION)
    assert _set_password(Client(), first, second).status_code == 422
    assert not Staff.objects.get(username="nina").is_active


def test_a_deactivated_invitation_can_not_be_accepted(administrator: Staff) -> None:
    client = signed_in(administrator)
    client.post("/staff/invite/", INVITATION)
    nina = Staff.objects.get(username="nina")
    client.post(f"/staff/{nina.pk}/deactivate/")
    assert Client().get(_link()).status_code == 410


def test_deactivating_signs_out_at_once(administrator: Staff, operator: Staff) -> None:
    theirs = signed_in(operator)
    theirs.get("/account/")
    page = signed_in(administrator).get(f"/staff/{operator.pk}/deactivate/").content.decode()
    assert "signed out everywhere" in page
    signed_in(administrator).post(f"/staff/{operator.pk}/deactivate/")
    assert theirs.get("/account/").status_code == 302


def test_signing_out_everywhere_ends_each_session(administrator: Staff, operator: Staff) -> None:
    one, two = signed_in(operator), signed_in(operator)
    for browser in (one, two):
        browser.get("/account/")
    signed_in(administrator).post(f"/staff/{operator.pk}/sign-out/")
    assert [browser.get("/account/").status_code for browser in (one, two)] == [302, 302]


def test_one_ends_ones_own_other_sessions(operator: Staff) -> None:
    here, there = signed_in(operator), signed_in(operator)
    for browser in (here, there):
        browser.get("/account/")
    here.post("/account/sessions/end-others/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_role_and_scope_change_on_the_page(administrator: Staff, operator: Staff) -> None:
    north = Enterprise.objects.create(name="North")
    client = signed_in(administrator)
    client.post(f"/staff/{operator.pk}/role/", {"roles": ["auditor"]})
    client.post(f"/staff/{operator.pk}/enterprises/", {"enterprises": [north.pk]})
    fresh = Staff.objects.get(pk=operator.pk)
    assert [group.name for group in fresh.groups.all()] == ["auditor"]
    assert (fresh.all_enterprises, list(fresh.scope.values_list("enterprise", flat=True))) == (
        False,
        [north.pk],
    )


def test_a_narrow_administrator_can_not_give_more_than_they_see(person: Any, operator: Staff) -> None:
    north, south = Enterprise.objects.create(name="North"), Enterprise.objects.create(name="South")
    narrow = person("nora", "administrator", all_enterprises=False)
    narrow.scope.create(enterprise=north)
    operator.all_enterprises = False
    operator.save()
    operator.scope.create(enterprise=south)
    client = signed_in(narrow)
    client.post(f"/staff/{operator.pk}/enterprises/", {"everything": "on", "enterprises": [north.pk]})
    fresh = Staff.objects.get(pk=operator.pk)
    assert not fresh.all_enterprises
    assert set(fresh.scope.values_list("enterprise", flat=True)) == {north.pk, south.pk}


def test_the_last_administrator_reads_why_not(administrator: Staff) -> None:
    client = signed_in(administrator)
    page = client.post(f"/staff/{administrator.pk}/role/", {"roles": []}, follow=True).content.decode()
    assert "Nobody changes their own role" in page
    assert [group.name for group in administrator.groups.all()] == ["administrator"]


@pytest.mark.parametrize("path", ["/staff/", "/staff/invite/", "/keys/", "/keys/add/"])
def test_operators_do_not_reach_administration(operator: Staff, path: str) -> None:
    assert signed_in(operator).get(path).status_code == 403
    assert path not in signed_in(operator).get("/account/").content.decode()


@pytest.mark.parametrize("act", ["role", "enterprises", "sign-out", "link", "unlock"])
def test_staff_acts_are_posts(administrator: Staff, operator: Staff, act: str) -> None:
    assert signed_in(administrator).get(f"/staff/{operator.pk}/{act}/").status_code == 405


def test_the_list_shows_state_and_role(administrator: Staff, operator: Staff) -> None:
    client = signed_in(administrator)
    client.post("/staff/invite/", INVITATION)
    page = client.get("/staff/").content.decode()
    for word in ("Nina Nord", "Invited", "Active", "operator"):
        assert word in page
    assert client.get(f"/staff/{operator.pk}/").status_code == 200
    assert client.get(f"/staff/{administrator.pk}/").status_code == 200
