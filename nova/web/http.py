"""The requests that Nova's views receive: someone is signed in, and htmx may be asking."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request as RestRequest

from nova.accounts.models import User


class Request(HttpRequest):
    user: User
    htmx: HtmxDetails


class ApiRequest(RestRequest):
    user: User
