"""What may be entered as the address and the token of a service, in Core and by the API."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nova.notifications.outbound import NotReached, refuse_scheme

LONGEST_TOKEN = 2000
# What a header can carry without being read otherwise (RFC 6750, and what else is seen).
TOKEN = re.compile(r"[\x21-\x7e]+")


def check_address(address: str) -> None:
    """Refuse what is no base of a service. A name in it would go before the token."""
    try:
        refuse_scheme(address)
        parts = urlsplit(address)
        is_base = not (parts.username or parts.password or parts.query or parts.fragment)
        is_base = is_base and parts.port != 0
    except NotReached as error:
        raise ValidationError(str(error)) from error
    except ValueError as error:
        raise ValidationError(_("This is not an address.")) from error
    if not is_base:
        raise ValidationError(_("Give where the service is, without a sign-in, ? and #."))


def check_token(token: str) -> None:
    """Refuse what no header can carry, without saying what it is."""
    if not TOKEN.fullmatch(token):
        raise ValidationError(_("A token has no spaces and only plain characters."))
