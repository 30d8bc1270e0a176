"""How tests turn alerts on, and read what a push service got."""

import base64
import json

from py_vapid import Vapid02

from nova.notifications.devices import add_device, public_key
from nova.notifications.models import PushSubscription
from tests.factories import NOW
from tests.notifications.servers import PushService


def turned_on(person, service: PushService, name: str = "one", now=NOW) -> PushSubscription:
    """Return a browser of the service in which a person turned alerts on."""
    public_key(person.tenant_id, now=now)
    given = service.given(name)
    return add_device(
        person, endpoint=given["endpoint"], **given["keys"], label="Firefox on Linux", now=now
    )


def claims_of(authorization: str) -> dict:
    """Return what a VAPID header claims, once its signature was found to hold."""
    assert Vapid02.verify(authorization)
    token = authorization.partition("t=")[2].partition(",")[0]
    claims = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
