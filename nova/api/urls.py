"""Addresses of what is everybody's at the API; `unknown` comes after all others under /api/."""

from django.urls import path, re_path

from nova.api.docs import Schema, Unknown, docs
from nova.api.feed import EventFeed
from nova.api.keys import ApiKeyViewSet
from nova.api.people import MeView, PersonViewSet
from nova.api.people_imports import PeopleImportViewSet
from nova.api.proxies import ProxyViewSet
from nova.api.tokens import RefreshView, RevokeView, TokenView

app_name = "api"
urlpatterns = [
    path("schema", Schema.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("auth/token", TokenView.as_view()),
    path("auth/token/refresh", RefreshView.as_view()),
    path("auth/token/revoke", RevokeView.as_view()),
    path("support/me", MeView.as_view()),
    path("support/people", PersonViewSet.as_view({"get": "list"})),
    path("support/people-imports", PeopleImportViewSet.as_view({"get": "list", "post": "create"})),
    path("support/people-imports/<int:pk>", PeopleImportViewSet.as_view({"get": "retrieve"})),
    path("support/people-imports/<int:pk>/lines", PeopleImportViewSet.as_view({"get": "lines"})),
    path("support/people-imports/<int:pk>/apply", PeopleImportViewSet.as_view({"post": "apply"})),
    path("support/people-imports/<int:pk>/undo", PeopleImportViewSet.as_view({"post": "undo"})),
    path("support/api-keys", ApiKeyViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "support/api-keys/<int:pk>",
        ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
    ),
    path("support/proxies", ProxyViewSet.as_view({"get": "list", "post": "create"})),
    path("support/proxies/<int:pk>", ProxyViewSet.as_view({"get": "retrieve"})),
    path("support/proxies/<int:pk>/dismiss", ProxyViewSet.as_view({"post": "dismiss"})),
    path("support/events", EventFeed.as_view()),
]
unknown = re_path(r"^api(?:/|$)", Unknown.as_view())
