"""What requesters and technicians say and do in the tests of the portal."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import NOW
from tickets import services

LATER = NOW + timedelta(hours=2)
HTMX = {"HX-Request": "true"}
NEVER = re.compile(
    r"\bvip\b|\bexec\b|gold|\bP[1-5]\b|\bSLA\b|\bscores?\b|breach|priority|incident|assign|clock",
    re.I,
)


def address(name, ticket, *more):
    return reverse(f"portal:{name}", args=[ticket.reference, *more])


def move(ticket, to, actor, **stated):
    services.move_ticket(ticket.pk, to, actor=actor, now=NOW + timedelta(hours=1), **stated)


def say(ticket, body, actor, **stated):
    at = NOW + timedelta(hours=1)
    return services.add_comment(ticket.pk, body, actor=actor, now=at, **stated)


def photo(name="screen.jpg", content=b"jpeg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")
