"""Addresses of the portal."""

from django.urls import path

from tickets.views import in_ones_name, portal, survey

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("report", portal.report, name="report"),
    path("in-your-name", in_ones_name.in_my_name, name="in_my_name"),
    path("<reference:reference>", portal.ticket, name="ticket"),
    path("<reference:reference>/progress", portal.progress, name="progress"),
    path("<reference:reference>/answer", portal.answer, name="answer"),
    path("<reference:reference>/rate", survey.rate, name="rate"),
    path("rate/<str:token>", survey.rate_by_link, name="rate_by_link"),
    path("<reference:reference>/files/<uuid:key>", portal.file, name="file"),
    path("<reference:reference>/files/<uuid:key>/preview", portal.preview, name="preview"),
]
