"""Import a file, step 1: what, into which enterprise, which file; choosing it uploads at once.

Imports the records' imports. The upload is the only POST here; what it leads to is the import's own page.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.console.acting import acting
from partnerportal.records.finding import find_enterprise
from partnerportal.records.imports import services
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.refusal import MAX_BYTES, MEGABYTE, Refusal
from partnerportal.records.models import Enterprise, Import

CARDS = 5  # enterprises offered as cards, last used first
OFFERED = 200  # names offered while typing


class Missing(Exception):
    """Something the upload lacks: the field, and the sentence beside it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def import_file(request: HttpRequest) -> HttpResponse:
    """GET asks; POST takes the file, has it checked, and leads to what was found."""
    if request.method != "POST":
        return _page(request, {})
    try:
        kind = _kind(request)
        enterprise = _enterprise(request, kind)
        upload = _upload(request)
    except Missing as missing:
        return _page(request, {missing.field: missing.sentence}, status=422)
    try:
        begun = services.begin(
            acting(request),
            kind=kind.name,
            enterprise=enterprise,
            filename=(upload.name or "")[:200],
            data=upload.read(),
            staff_id=request.user.pk,
        )
    except Refusal as refusal:
        return _page(request, {"file": str(refusal)}, status=422)
    return redirect("job", begun.pk)


def kinds_for(user: Any) -> list[Kind]:
    """What the person may import; enterprises only with scope *all*, since who makes one must see it."""
    allowed = [kind for kind in KINDS.values() if user.has_perm(kind.permission)]
    return [kind for kind in allowed if kind.inside_enterprise or user.all_enterprises]


def _page(request: HttpRequest, errors: dict[str, str], status: int = 200) -> HttpResponse:
    kinds = kinds_for(request.user)
    if not kinds:
        raise PermissionDenied("import")
    asked = request.POST or request.GET
    seen = Enterprise.objects.visible_to(request.user)
    chosen = _preset(asked.get("enterprise", ""), seen)
    cards = _cards(seen, chosen)
    context = {
        "title": "Import a file",
        "kinds": kinds,
        "kind": asked.get("kind") if asked.get("kind") in KINDS else kinds[0].name,
        "cards": cards,
        "chosen": chosen,
        "several": seen.count() > len(cards),
        "named": asked.get("named", ""),
        "names": list(seen.exclude(name="").order_by("name").values_list("name", flat=True)[:OFFERED]),
        "errors": errors,
        "most": MAX_BYTES // MEGABYTE,
    }
    return render(request, "files/choose.html", context, status=status)


def _preset(text: str, seen: Any) -> int | None:
    """The enterprise one comes from, or the only one there is."""
    if text.isascii() and text.isdigit() and len(text) < 19 and seen.filter(pk=int(text)).exists():
        return int(text)
    pks = list(seen.values_list("pk", flat=True)[:2])
    return pks[0] if len(pks) == 1 else None


def _cards(seen: Any, chosen: int | None) -> list[Enterprise]:
    used = (
        Import.objects.filter(enterprise__in=seen).order_by("-pk").values_list("enterprise", flat=True)[:50]
    )
    wanted = list(dict.fromkeys([*([chosen] if chosen else []), *used]))[:CARDS]
    if len(wanted) < CARDS:
        newest = seen.exclude(pk__in=wanted).order_by("-pk").values_list("pk", flat=True)
        wanted += list(newest[: CARDS - len(wanted)])
    by_pk = seen.light().in_bulk(wanted)
    return [by_pk[pk] for pk in wanted]


def _kind(request: HttpRequest) -> Kind:
    kind = next((kind for kind in kinds_for(request.user) if kind.name == request.POST.get("kind")), None)
    if kind is None:
        raise PermissionDenied("import")
    return kind


def _enterprise(request: HttpRequest, kind: Kind) -> Enterprise | None:
    """The card, or what was typed; doctors may name theirs in the file instead."""
    seen = Enterprise.objects.visible_to(request.user)
    named = request.POST.get("named", "").strip()
    if not kind.inside_enterprise:
        return None
    if named:
        try:
            return find_enterprise(named, seen)
        except LookupError as error:
            raise Missing("enterprise", str(error)) from error
    pk = request.POST.get("enterprise", "")
    found = seen.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    if found is None and kind.name != "doctors":
        raise Missing("enterprise", "Choose the enterprise this file is for.")
    enterprise: Enterprise | None = found
    return enterprise


def _upload(request: HttpRequest) -> UploadedFile[bytes]:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        too_long = int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES
        most = f"The file is too large: the portal reads {MAX_BYTES // MEGABYTE} MB. Split it."
        raise Missing("file", most if too_long else "Choose a file: a CSV, a TSV or an XLSX.")
    return upload
