"""Hand a delivery to the world outside. Each sender raises `CannotSend` when it did not work."""

import json
from collections.abc import Callable, Mapping
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from nova.accounts.sealing import unseal
from nova.notifications import rules
from nova.notifications.choices import Channel
from nova.notifications.models import Delivery, PushKey
from nova.notifications.outbound import FIRST_FAILURE, NotReached, post, status_of
from nova.notifications.webpush import CannotSeal, sealed_for
from nova.tenancy.fence import inside

# As much of the key as leaves a Message-ID on one line.
MARK = 32
UNKNOWN_DEVICE = (404, 410)


class CannotSend(Exception):
    """A delivery did not get through; the message says why."""


class Withheld(CannotSend):
    """It never will: whom it was for may not know of it any more."""


class Gone(CannotSend):
    """It never will: where it was to go is not there any more."""


def send_mail(delivery: Delivery) -> None:
    """Send an e-mail. Its Message-ID comes from the key, so that a second copy shows as one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "nova"
    mail = EmailMultiAlternatives(
        delivery.subject,
        delivery.text,
        to=[delivery.address],
        headers={
            "Message-ID": f"<{delivery.key[:MARK]}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(delivery.html, "text/html")
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        raise CannotSend(f"{type(error).__name__}: {error}") from error


def post_to_chat(delivery: Delivery) -> None:
    """Post Slack-compatible JSON. Its text is plain: nothing in it is taken for markup."""
    url = f"{settings.PUBLIC_URL.rstrip('/')}{delivery.link}" if delivery.link else ""
    text = "\n".join(filter(None, [f"*{_plain(delivery.subject)}*", _plain(delivery.text), url]))
    _post(delivery, {"text": text, "unfurl_links": False})


def call_workflow(delivery: Delivery) -> None:
    """Post facts to a program. The delivery's key is their id, so that a second copy shows."""
    _post(delivery, {"id": delivery.key, **json.loads(delivery.text)})


def _post(delivery: Delivery, body: Mapping[str, Any]) -> None:
    """Post JSON to the delivery's hook, signed where the hook has a secret."""
    hook = delivery.hook
    if hook is None or not hook.is_active:
        raise CannotSend("The hook is not active.")
    try:
        secret = unseal(hook.sealed_secret) if hook.sealed_secret else ""
        post(unseal(hook.sealed_url), body, {"Idempotency-Key": delivery.key}, secret=secret)
    except InvalidToken as error:
        raise CannotSend("The hook's URL cannot be read; please enter it again.") from error
    except NotReached as error:
        raise CannotSend(str(error)) from error


def push(delivery: Delivery) -> None:
    """Send an alert to a device, encrypted for it alone: no more than what, and where it leads."""
    device = delivery.subscription
    if device is None:
        raise Gone("The device is not registered any more.")
    tag = rules.tag_of(delivery.link, delivery.key)
    told = {"title": delivery.subject, "link": delivery.link, "tag": tag}
    try:
        with inside(delivery.tenant_id):
            sealed_key = PushKey.objects.values_list("sealed_private", flat=True).get()
        given = json.loads(unseal(device.sealed))
        content, headers = sealed_for(given, json.dumps(told), unseal(sealed_key), topic=tag)
        status = status_of(given["endpoint"], content, headers)
    except InvalidToken as error:
        raise CannotSend("The keys cannot be read: was NOVA_SECRET_KEY changed?") from error
    except (NotReached, CannotSeal) as error:
        raise CannotSend(str(error)) from error
    if status in UNKNOWN_DEVICE:
        raise Gone(f"The push service knows the device no more ({status}).")
    if status >= FIRST_FAILURE:
        raise CannotSend(f"The push service answered {status}.")


def _plain(text: str) -> str:
    """Escape what Slack takes for markup, mentions of everybody included."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SENDERS: dict[str, Callable[[Delivery], None]] = {
    Channel.EMAIL: send_mail,
    Channel.SLACK: post_to_chat,
    Channel.WORKFLOW: call_workflow,
    Channel.PUSH: push,
}
