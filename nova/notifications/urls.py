"""Addresses of the bell, the list and the alerts."""

from django.urls import path

from nova.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("bell", views.bell, name="bell"),
    path("alerts", views.alerts, name="alerts"),
    path("read", views.read, name="read_all"),
    path("devices", views.devices, name="devices"),
    path("devices/renew", views.renew, name="renew_device"),
    path("devices/<int:pk>/remove", views.remove, name="remove_device"),
    path("worker.js", views.worker, name="worker"),
    path("<int:pk>/read", views.read, name="read"),
]
