"""The addresses of the sending pages. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    batch_acts,
    batches,
    brake_pages,
    decide,
    deliveries,
    delivery_page,
    plans,
    pushing,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("push/record/", pushing.push_record, name="push_record"),
    path("push/selected/", pushing.push_selected, name="push_selected"),
    path("push/plans/<int:pk>/", plans.plan_page, name="plan"),
    path("push/plans/<int:pk>/confirm/", plans.plan_confirm, name="plan_confirm"),
    path("push/plans/<int:pk>/again/", plans.plan_again, name="plan_again"),
    path("sending/batches/", batches.batch_list, name="batches"),
    path("sending/batches/<int:pk>/", batches.batch_page, name="batch"),
    path("sending/batches/<int:pk>/pause/", batch_acts.batch_pause, name="batch_pause"),
    path("sending/batches/<int:pk>/resume/", batch_acts.batch_resume, name="batch_resume"),
    path("sending/batches/<int:pk>/cancel/", batch_acts.batch_cancel, name="batch_cancel"),
    path("sending/brakes/", brake_pages.brakes_page, name="brakes"),
    path("sending/brakes/<int:pk>/release/", brake_pages.release, name="brake_release"),
    path("sending/keys/<int:pk>/", brake_pages.key_waiting, name="key_waiting"),
    path("sending/deliveries/", deliveries.delivery_list, name="deliveries"),
    path("sending/deliveries/again/", deliveries.deliveries_again, name="deliveries_again"),
    path("sending/deliveries/<int:pk>/", delivery_page.delivery_page, name="delivery"),
    path("sending/deliveries/<int:pk>/again/", delivery_page.delivery_again, name="delivery_again"),
    path("sending/deliveries/<int:pk>/look/", delivery_page.delivery_look, name="delivery_look"),
    path("sending/deliveries/<int:pk>/cancel/", delivery_page.delivery_cancel, name="delivery_cancel"),
    path("sending/deliveries/<int:pk>/decide/", decide.decide, name="decide"),
]
