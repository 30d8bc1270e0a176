"""Addresses of what clocks show on a ticket's page, and of reports."""

from django.urls import path

from sla.views import clocks, reports

app_name = "sla"
urlpatterns = [
    path("compliance", reports.compliance, name="compliance"),
    path("compliance/tickets", reports.verdicts, name="verdicts"),
    path("<reference:reference>/panel", clocks.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", clocks.why, name="why"),
]
