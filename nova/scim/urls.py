"""SCIM describes itself below its address: /scim/v2/ResourceTypes, /Schemas."""

from django.urls import path

from nova.scim.views import endpoint

app_name = "scim"
urlpatterns = [path("", endpoint), path("<path:path>", endpoint, name="endpoint")]
