"""Every address of Nova. Wiring: this module may see every app."""

from django.contrib import admin
from django.urls import include, path

from nova.api.urls import unknown as unknown_api

handler400 = "nova.api.problems.bad_request"
handler403 = "nova.api.problems.forbidden"
handler500 = "nova.api.problems.server_error"
urlpatterns = [
    path("api/", include("nova.api.urls")),
    path("core/", admin.site.urls),
    unknown_api,
]
