"""Addresses of what VIP status shows on a ticket's page, and of what Cosmo asks."""

from django.urls import path

from vip import views

app_name = "vip"
urlpatterns = [
    path("recognitions", views.recognitions, name="recognitions"),
    path("recognitions/<int:pk>/<str:verb>", views.judge, name="judge"),
    path("<reference:reference>/panel", views.panel, name="panel"),
    path("<reference:reference>/acknowledge", views.acknowledge, name="acknowledge"),
]
