"""The import a person asks for, if they may see it. Imports the mirror."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from partnerportal.records.models import Import


def visible_import(request: HttpRequest, pk: int) -> Import:
    """Raises Http404 for an import that is outside the person's scope."""
    seen = Import.objects.visible_to(request.user).select_related("job", "enterprise")
    return get_object_or_404(seen, pk=pk)
