"""Addresses of what clocks show on a ticket's page."""

from django.urls import path

import tickets.references  # noqa: F401  registers how a reference stands in an address
from sla import views

app_name = "sla"
urlpatterns = [
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", views.why, name="why"),
]
