from django.urls import path

from nova.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("preferences", views.prefer, name="prefer"),
]
