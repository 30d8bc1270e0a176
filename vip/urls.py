"""Addresses of what VIP status shows on a ticket's page."""

from django.urls import path

import tickets.references  # noqa: F401  registers how a reference stands in an address
from vip import views

app_name = "vip"
urlpatterns = [path("<reference:reference>/panel", views.panel, name="panel")]
