"""Addresses of what VIP status shows on a ticket's page, and of reports."""

from django.urls import path

from vip import views
from vip.reports import views as reports

app_name = "vip"
urlpatterns = [
    path("heat-map", reports.heat_map, name="heat_map"),
    path("handling", reports.handling, name="handling"),
    path("heat-map/tickets", reports.heat_tickets, name="heat_tickets"),
    path("<reference:reference>/panel", views.panel, name="panel"),
]
