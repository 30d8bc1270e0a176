"""Addresses of assignment's pages."""

from django.urls import path

from dispatch.views import balance, drawer, engineers, load, mine, overrides

app_name = "dispatch"
urlpatterns = [
    path("load", load.load, name="load"),
    path("balance", balance.balance, name="balance"),
    path("balance/now", balance.run, name="balance_now"),
    path("balance/<int:pk>", balance.round_of, name="balance_run"),
    path("mine", mine.mine, name="mine"),
    path("overrides", overrides.overrides, name="overrides"),
    path("roster", engineers.roster, name="roster"),
    path("me", engineers.own, name="own"),
    path("engineers/add", engineers.add, name="add"),
    path("engineers/<int:pk>", engineers.engineer, name="engineer"),
    path("roster/changes/<int:pk>/remove", engineers.remove, name="remove_change"),
    path("panel", engineers.panel, name="own_panel"),
    path("<reference:reference>", drawer.drawer, name="drawer"),
    path("<reference:reference>/panel", drawer.panel, name="panel"),
    path("<reference:reference>/ask", drawer.ask, name="ask"),
    path("<reference:reference>/overrides/<int:pk>/<str:verb>", drawer.settle, name="settle"),
]
