"""The guide: each chapter with the reader's own state, links that lead, a search that finds."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console import guide_chapters, guide_search
from partnerportal.console.frame import menu_for
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in

SLUGS = [slug for slug, _, _ in guide_chapters.CHAPTERS]


def read(staff: Staff, slug: str = "") -> str:
    address = reverse("guide_chapter", args=[slug]) if slug else reverse("guide")
    answer = signed_in(staff).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator", "outsider"])
def test_everyone_who_is_signed_in_may_read_it(role: str, request: pytest.FixtureRequest) -> None:
    staff = request.getfixturevalue(role)
    assert "Guide" in [link.title for _, links in menu_for(staff, "/", {}) for link in links]
    for slug in SLUGS:
        assert "Where you are" in read(staff, slug)


def test_a_chapter_that_is_none_is_not_found(operator: Staff) -> None:
    assert signed_in(operator).get("/guide/nothing-like-this/").status_code == 404


def test_a_chapter_begins_with_what_the_reader_has(operator: Staff, ed: Patient, south: Enterprise) -> None:
    Enterprise.objects.filter(pk=south.pk).update(remote_id=7)
    assert "You have 2 enterprises, 1 not yet pushed." in read(operator, "onboarding-new-clients")
    assert "You have 1 patient, not yet sent." in read(operator, "creating-patients")


def test_the_state_counts_only_what_is_in_sight(outsider: Staff, ed: Patient) -> None:
    assert "You have no enterprise yet." in read(outsider, "onboarding-new-clients")
    assert "You have no patient yet." in read(outsider, "creating-patients")


def test_the_button_is_the_next_step(operator: Staff, north: Enterprise) -> None:
    page = read(operator, "onboarding-new-clients")
    address = reverse("admin:records_enterprise_change", args=[north.pk])
    assert f'<a class="btn btn-primary" href="{address}">Push the enterprise</a>' in page


def test_who_may_not_take_the_step_gets_no_button_for_it(auditor: Staff, north: Enterprise) -> None:
    page = read(auditor, "onboarding-new-clients")
    assert "Push the enterprise" not in page
    assert "Open enterprises" in page


@pytest.mark.parametrize("slug", SLUGS)
def test_each_link_of_a_chapter_leads_to_a_page_of_the_console(operator: Staff, slug: str) -> None:
    found = guide_chapters.chapter(slug)
    assert found is not None
    client = signed_in(operator)
    for href in re.findall(r'href="([^"]+)"', found.html):
        address, _, anchor = href.partition("#")
        assert client.get(address).status_code == 200, href
        if anchor:
            target = guide_chapters.chapter(address.strip("/").rpartition("/")[2])
            assert target is not None and anchor in {part.anchor for part in target.sections}, href


def test_no_html_of_a_chapter_file_reaches_the_page() -> None:
    assert "&lt;script&gt;" in guide_chapters._markdown.render("<script>alert(1)</script>")


def test_headings_have_ids_of_their_own() -> None:
    for one in guide_chapters.chapters():
        anchors = [part.anchor for part in one.headings]
        assert anchors and len(anchors) == len(set(anchors))
        assert all(f'id="{anchor}"' in one.html for anchor in anchors)


def test_a_search_leads_to_the_heading(operator: Staff) -> None:
    (best, *_) = guide_search.search("delete a patient")
    assert best.href == reverse("guide_chapter", args=["faqs"]) + "#can-i-delete-a-patient"
    page = signed_in(operator).get(reverse("guide"), {"q": "delete a patient"}).content.decode()
    assert best.href in page and "<mark>" in page


def test_a_search_reads_the_error_catalogue_too() -> None:
    assert "Error catalogue" in {hit.where for hit in guide_search.search("certificate")}


def test_a_search_that_finds_nothing_says_so(operator: Staff) -> None:
    page = signed_in(operator).get(reverse("guide"), {"q": "<b>zebra"}).content.decode()
    assert "Nothing with “&lt;b&gt;zebra”" in page


def test_a_search_marks_and_escapes() -> None:
    assert guide_search.marked("a <b> & B", ["b"]) == "a &lt;<mark>b</mark>&gt; &amp; <mark>B</mark>"
