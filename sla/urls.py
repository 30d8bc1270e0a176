"""Addresses of what clocks show on a ticket's page."""

from django.urls import path

from sla import views
from sla.foretelling import views as foretelling

app_name = "sla"
urlpatterns = [
    path("prediction", foretelling.prediction, name="prediction"),
    path("prediction/train", foretelling.train, name="train_prediction"),
    path(
        "<reference:reference>/why-foreseen",
        foretelling.why_foreseen,
        name="why_foreseen",
    ),
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", views.why, name="why"),
]
