"""Addresses of what pages ask after a ping."""

from django.urls import path

from nova.live import views

app_name = "live"
urlpatterns = [path("presence/<str:topic>", views.present, name="presence")]
