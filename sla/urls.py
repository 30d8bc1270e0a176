"""Addresses of what clocks show on a ticket's page."""

from django.urls import path

from sla import prediction_views, views

app_name = "sla"
urlpatterns = [
    path("prediction", prediction_views.prediction, name="prediction"),
    path("prediction/train", prediction_views.train, name="train_prediction"),
    path(
        "<reference:reference>/why-foreseen",
        prediction_views.why_foreseen,
        name="why_foreseen",
    ),
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", views.why, name="why"),
]
