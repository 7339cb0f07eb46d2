"""Who may be what: invitations, roles, scope, and the last administrator."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail

from partnerportal.accounts import staff as people
from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise, Patient


@pytest.fixture
def two(db: None) -> tuple[Enterprise, Enterprise]:
    return Enterprise.objects.create(name="North"), Enterprise.objects.create(name="South")


def test_an_invited_person_is_inactive_and_sees_only_their_scope(
    administrator: Staff, two: Any, by: Any, told: Any
) -> None:
    wanted = people.Invitation("nina", "nina@example.com", "Nina Nord", ["operator"], enterprises=[two[0].pk])
    nina = people.invite(wanted, by(administrator))
    assert (nina.is_active, nina.get_full_name(), people.roles_of(nina)) == (False, "Nina Nord", ["operator"])
    assert not nina.has_usable_password()
    nina.is_active = True
    assert list(Enterprise.objects.visible_to(nina)) == [two[0]]
    assert told("staff_invited") == [
        ("user:ada", {"name": "nina", "roles": ["operator"], "scope": [two[0].pk]})
    ]


def test_a_new_person_without_a_scope_sees_nothing(person: Any, two: Any) -> None:
    nobody = person("nobody", "operator", all_enterprises=False)
    assert not Enterprise.objects.visible_to(nobody).exists()
    assert not Patient.objects.visible_to(nobody).exists()


def test_names_that_differ_in_case_only_are_one(administrator: Staff, by: Any) -> None:
    with pytest.raises(people.NotAllowed, match="already"):
        people.invite(people.Invitation("ADA", "x@example.com", "", []), by(administrator))


def test_nobody_changes_their_own_role_scope_or_access(administrator: Staff, by: Any) -> None:
    ctx = by(administrator)
    with pytest.raises(people.NotAllowed):
        people.change_roles(administrator, ["operator"], administrator, ctx)
    with pytest.raises(people.NotAllowed):
        people.change_scope(administrator, False, [], administrator, ctx)
    with pytest.raises(people.NotAllowed):
        people.deactivate(administrator, administrator, ctx)


def test_the_last_administrator_stays(administrator: Staff, person: Any, by: Any) -> None:
    retired = person("rita", "administrator", is_active=False)
    with pytest.raises(people.NotAllowed, match="last administrator"):
        people.change_roles(administrator, ["operator"], retired, by(retired))
    with pytest.raises(people.NotAllowed, match="last administrator"):
        people.deactivate(administrator, retired, by(retired))
    assert people.roles_of(Staff.objects.get(pk=administrator.pk)) == ["administrator"]


def test_one_of_two_administrators_may_go(administrator: Staff, person: Any, by: Any) -> None:
    other = person("bea", "administrator")
    people.change_roles(other, ["auditor"], administrator, by(administrator))
    assert people.roles_of(Staff.objects.get(pk=other.pk)) == ["auditor"]


def test_roles_add_up_and_are_logged_with_before_and_after(
    administrator: Staff, operator: Staff, by: Any, told: Any
) -> None:
    people.change_roles(operator, ["operator", "auditor"], administrator, by(administrator))
    fresh = Staff.objects.get(pk=operator.pk)
    assert fresh.has_perm("delivery.push")
    assert fresh.has_perm("audit.view_entry")
    assert told("staff_roles_changed")[0][1] == {
        "name": "olive",
        "was": ["operator"],
        "now": ["operator", "auditor"],
    }


def test_an_administrator_alone_may_not_push(administrator: Staff) -> None:
    assert not administrator.has_perm("delivery.push")


def test_an_unknown_role_is_refused(administrator: Staff, operator: Staff, by: Any) -> None:
    with pytest.raises(people.NotAllowed):
        people.change_roles(operator, ["king"], administrator, by(administrator))
    assert not Group.objects.filter(name="king").exists()
    assert mail.outbox == []
