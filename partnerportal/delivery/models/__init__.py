"""The outbox's models."""

from partnerportal.delivery.models.brake import Brake, Heartbeat
from partnerportal.delivery.models.delivery import Attempt, Delivery, DeliveryQuerySet, Lookup
from partnerportal.delivery.models.plan import Plan, PlanItem

__all__ = [
    "Attempt",
    "Brake",
    "Delivery",
    "DeliveryQuerySet",
    "Heartbeat",
    "Lookup",
    "Plan",
    "PlanItem",
]
