"""The words of a notification, from templates of the app that has something to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string

from nova.notifications.rules import one_line


@dataclass(frozen=True)
class Message:
    subject: str
    text: str
    html: str
    link: str


def compose(template: str, context: Mapping[str, Any], link: str) -> Message:
    """Return the message of `<template>_subject.txt` and `<template>.txt`.

    They are plain text, so nothing in them is escaped; the HTML of the mail escapes all of it.
    """
    subject = one_line(_plain(f"{template}_subject.txt", context))
    text = _plain(f"{template}.txt", context).strip()
    url = f"{settings.PUBLIC_URL.rstrip('/')}{link}" if link else ""
    shown = {"subject": subject, "text": text, "url": url}
    html = render_to_string("notifications/mail.html", shown)
    return Message(subject, text, html, link)


def _plain(name: str, context: Mapping[str, Any]) -> str:
    template: Any = get_template(name)
    return str(template.template.render(Context(dict(context), autoescape=False)))
