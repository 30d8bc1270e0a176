"""Addresses of assignment's pages."""

from django.urls import path

from dispatch.views import drawer

app_name = "dispatch"
urlpatterns = [
    path("<reference:reference>", drawer.drawer, name="drawer"),
    path("<reference:reference>/panel", drawer.panel, name="panel"),
    path("<reference:reference>/ask", drawer.ask, name="ask"),
    path("<reference:reference>/overrides/<int:pk>/<str:verb>", drawer.settle, name="settle"),
]
