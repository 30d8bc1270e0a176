"""Addresses of what clocks show on a ticket's page, and of reports."""

from django.urls import path

from sla.foretelling import views as foretelling
from sla.views import clocks, reports

app_name = "sla"
urlpatterns = [
    path("prediction", foretelling.prediction, name="prediction"),
    path("prediction/train", foretelling.train, name="train_prediction"),
    path(
        "<reference:reference>/why-foreseen",
        foretelling.why_foreseen,
        name="why_foreseen",
    ),
    path("compliance", reports.compliance, name="compliance"),
    path("compliance/tickets", reports.verdicts, name="verdicts"),
    path("<reference:reference>/panel", clocks.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", clocks.why, name="why"),
]
