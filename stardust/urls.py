from django.urls import path

from stardust import views

app_name = "stardust"
urlpatterns = [
    path("", views.own, name="own"),
    path("team", views.team, name="team"),
    path("take-part", views.take_part, name="take_part"),
    path("panel", views.panel, name="panel"),
]
