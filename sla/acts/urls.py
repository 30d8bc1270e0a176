"""Addresses of what clocks add to the acts on tickets. They stand below the tickets' own."""

from django.urls import path

from sla.acts.views import escalate, escalate_selected

app_name = "escalation"
urlpatterns = [
    path("bulk/escalate", escalate_selected, name="bulk_escalate"),
    path("<reference:reference>/escalate", escalate, name="escalate"),
]
