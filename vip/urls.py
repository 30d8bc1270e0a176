"""Addresses of what VIP status shows on a ticket's page."""

from django.urls import path

from vip import views

app_name = "vip"
urlpatterns = [
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/acknowledge", views.acknowledge, name="acknowledge"),
]
