"""How the tests look at the page of a ticket."""

import json
from datetime import timedelta

from nova.accounts.models import Role
from tests.factories import NOW

HTMX = {"HX-Request": "true"}
LATER = NOW + timedelta(minutes=5)


def at(ticket, act=""):
    return f"/tickets/{ticket.reference}{'/' if act else ''}{act}"


def page(desk, ticket, act="", **query):
    return desk.get(at(ticket, act), query).content.decode()


def newest(desk, ticket):
    return page(desk, ticket, "timeline").partition('data-newest="')[2].partition('"')[0]


def events_of(response):
    return json.loads(response.headers["HX-Trigger"]).keys()


def withdraw(permission):
    role = Role.objects.get(key="technician")
    role.permissions = [name for name in role.permissions if name != permission]
    role.save()
