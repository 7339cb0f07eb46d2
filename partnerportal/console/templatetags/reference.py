"""What the API reference's templates ask for. Imports the outline only."""

from __future__ import annotations

from django import template

from partnerportal.console import reference_outline

register = template.Library()
register.filter("searched", reference_outline.searched)
