"""How people choose a password, and how they come by a new one."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from nova.accounts.choices import PersonKind
from nova.accounts.events import PasswordChanged
from nova.accounts.identity import person_by_email
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish


@transaction.atomic
def change_password(person: User, password: str, *, way: str, now: datetime) -> None:
    """Set a new password, known as "own" or "reset". Ends all other sessions and all tokens."""
    person.set_password(password)
    person.save(update_fields=["password"])
    event = PasswordChanged(tenant_id=person.tenant_id, person_id=person.pk, way=way)
    publish(event, actor=person, now=now)


@transaction.atomic
def send_reset(email: str) -> None:
    """Mail a link for a new password, if somebody with a password has this e-mail."""
    person = person_by_email(email)
    if person is not None and person.has_usable_password():
        _mail_link(person, "accounts/mail/password_reset")


@transaction.atomic
def invite_person(person_id: int) -> None:
    """Mail a link by which a person chooses their first password, or another one.

    Raises `Refused` for an account that nobody signs in to.
    """
    person = User.objects.get(pk=person_id)
    if not person.is_active or person.kind != PersonKind.PERSON:
        raise Refused(_("%(person)s is nobody who signs in.") % {"person": person})
    _mail_link(person, "accounts/mail/invitation")


def _mail_link(person: User, template: str) -> None:
    """Mail a link that works once and for as long as `PASSWORD_RESET_TIMEOUT` says.

    Its host is ours by configuration, never the one that a request claimed to be for.
    """
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    path = reverse("accounts:password_reset_confirm", args=[uid, token])
    context = {"person": person, "link": f"{settings.PUBLIC_URL.rstrip('/')}{path}"}
    subject = render_to_string(f"{template}_subject.txt", context)
    body = render_to_string(f"{template}.txt", context)
    send_mail(" ".join(subject.split()), body, None, [person.email])
