"""Every address of Nova. Wiring: this module may see every app."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("core/", admin.site.urls),
]
