"""Addresses of the desk's pages."""

from django.urls import path

from tickets.views import (
    acts,
    bulk,
    editing,
    queue,
    replies,
    satisfaction,
    saved,
    search,
    talking,
    ticket,
)

app_name = "tickets"
ONE = "tickets/<reference:reference>"
one_ticket = [
    path(ONE, ticket.ticket, name="ticket"),
    path(ONE + "/head", ticket.head, name="head"),
    path(ONE + "/timeline", ticket.timeline, name="timeline"),
    path(ONE + "/side", ticket.side, name="side"),
    path(ONE + "/peek", ticket.peek, name="peek"),
    path(ONE + "/activity", ticket.activity, name="activity"),
    path(ONE + "/assign", acts.assign, name="assign"),
    path(ONE + "/stage", acts.stage, name="stage"),
    path(ONE + "/merge", acts.merge, name="merge"),
    path(ONE + "/take", acts.take, name="take"),
    path(ONE + "/watch", acts.watch, name="watch"),
    path(ONE + "/delete", acts.delete, name="delete"),
    path(ONE + "/restore", acts.restore, name="restore"),
    path(ONE + "/reply", talking.reply, name="reply"),
    path(ONE + "/reply/templates", replies.templates, name="templates"),
    path(ONE + "/time", talking.track, name="time"),
    path(ONE + "/files/<uuid:key>", talking.download, name="file"),
    path(ONE + "/files/<uuid:key>/preview", talking.preview, name="preview"),
    path(ONE + "/facts/<str:name>", editing.fact, name="fact"),
]
urlpatterns = [
    path("pulse/", queue.pulse, name="pulse"),
    path("pulse/rows", queue.rows, name="rows"),
    path("pulse/filters", queue.filter_form, name="filters"),
    path("pulse/tabs", queue.tabs, name="tabs"),
    path("pulse/views", saved.save, name="save_view"),
    path("pulse/views/all", saved.views, name="views"),
    path("pulse/views/<int:pk>", saved.edit, name="edit_view"),
    path("pulse/views/<int:pk>/forget", saved.forget, name="forget_view"),
    path("search", search.search, name="search"),
    path("satisfaction", satisfaction.satisfaction, name="satisfaction"),
    path("tickets/bulk/assign", bulk.assign, name="bulk_assign"),
    path("tickets/bulk/stage", bulk.stage, name="bulk_stage"),
    *one_ticket,
]
