"""The addresses of record pages: the admin site's own. Included under the namespace `admin`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    comparing,
    enterprise_onboarding,
    meanwhile,
    record_acts,
    record_form_pages,
    record_list_pages,
    record_pages,
    shortcuts,
    ssn,
)
from partnerportal.console.urls_money import record_pages_of_money
from partnerportal.records.models import NOUNS


def _noun(noun: str) -> list[URLPattern | URLResolver]:
    base, name, said = f"records/{noun}/", f"records_{noun}", {"noun": noun}
    return [
        path(base, record_list_pages.record_list, said, name=f"{name}_changelist"),
        path(f"{base}add/", record_form_pages.add_page, said, name=f"{name}_add"),
        path(f"{base}<int:pk>/change/", record_pages.record_page, said, name=f"{name}_change"),
        path(f"{base}<int:pk>/edit/", record_form_pages.edit_page, said, name=f"{name}_edit"),
        path(f"{base}<int:pk>/story/", record_pages.record_story, said, name=f"{name}_story"),
        path(f"{base}<int:pk>/link/", record_acts.link, said, name=f"{name}_link"),
        path(f"{base}<int:pk>/remove/", record_acts.remove, said, name=f"{name}_remove"),
        path(f"{base}<int:pk>/undo/", record_acts.undo, said, name=f"{name}_undo"),
        path(f"{base}<int:pk>/meanwhile/", meanwhile.fragment, said, name=f"{name}_meanwhile"),
        path(f"{base}<int:pk>/delete/", record_acts.delete, said, name=f"{name}_delete"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", shortcuts.root, name="index"),
    *[pattern for noun in NOUNS for pattern in _noun(noun)],
    *record_pages_of_money,
    *[
        path(
            f"records/enterprise/<int:pk>/{children}/",
            record_pages.enterprise_children,
            {"children": children},
            name=f"records_enterprise_{children}",
        )
        for children in record_pages.CHILDREN
    ],
    *[
        path(f"records/enterprise/<int:pk>/onboarding/{part}", page, name=f"records_enterprise_{name}")
        for part, page, name in (
            ("", enterprise_onboarding.onboarding_page, "onboarding"),
            ("check/", enterprise_onboarding.check_first, "onboarding_check"),
            ("assign/", enterprise_onboarding.assign, "onboarding_assign"),
            ("note/", enterprise_onboarding.add_note, "onboarding_note"),
        )
    ],
    path(
        "records/enterprise/<int:pk>/duplicates/",
        comparing.suspect_list,
        name="records_enterprise_duplicates",
    ),
    *[
        path(f"records/patient/<int:pk>/{act}/<int:other>/", page, name=f"records_patient_{act}")
        for act, page in (
            ("compare", comparing.compare),
            ("join", comparing.join),
            ("apart", comparing.set_apart),
        )
    ],
    path("records/patient/by-ssn/", ssn.search, name="records_patient_by_ssn"),
    path("records/patient/<int:pk>/reveal/", ssn.reveal, name="records_patient_reveal"),
]
