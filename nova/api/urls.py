"""What the API says of itself. `unknown` comes after every other address under /api/."""

from django.urls import path, re_path

from nova.api.docs import Schema, Unknown, docs

app_name = "api"
urlpatterns = [
    path("schema", Schema.as_view(), name="schema"),
    path("docs", docs, name="docs"),
]
unknown = re_path(r"^api(?:/|$)", Unknown.as_view())
