"""Addresses of the desk's pages."""

from django.urls import path

from tickets.views import queue, saved

app_name = "tickets"
urlpatterns = [
    path("pulse/", queue.pulse, name="pulse"),
    path("pulse/rows", queue.rows, name="rows"),
    path("pulse/tabs", queue.tabs, name="tabs"),
    path("pulse/views", saved.save, name="save_view"),
    path("pulse/views/<int:pk>/forget", saved.forget, name="forget_view"),
]
