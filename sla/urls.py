"""Addresses of what clocks show on a ticket's page."""

from django.urls import path

from sla import views

app_name = "sla"
urlpatterns = [
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/why/<str:metric>", views.why, name="why"),
]
