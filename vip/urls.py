"""Addresses of what VIPs show on a ticket's page, of what Cosmo asks, and of reports."""

from django.urls import path

from vip import views
from vip.reports import views as reports

app_name = "vip"
urlpatterns = [
    path("heat-map", reports.heat_map, name="heat_map"),
    path("handling", reports.handling, name="handling"),
    path("heat-map/tickets", reports.heat_tickets, name="heat_tickets"),
    path("recognitions", views.recognitions, name="recognitions"),
    path("recognitions/<int:pk>/<str:verb>", views.judge, name="judge"),
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/acknowledge", views.acknowledge, name="acknowledge"),
]
