"""What a browser may follow: topics, and the groups whose pings they bring.

A topic is what the client says, such as "ticket:T-1042"; a group is who hears it. Settings name
a resolver for each kind of topic, which returns the group that a person joins, or None. Groups
that end in `PUBLIC` hear of public events only: they are for requesters.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from nova.accounts.models import User

PUBLIC = ".public"
PRESENCE = "presence"
LONGEST = 80
Resolver = Callable[[User, str], str | None]


def resolve(user: User, topic: str) -> str | None:
    """Return the group of a topic, or None when there is none that `user` may join.

    Runs within the person's fence.
    """
    kind, _, argument = topic.partition(":")
    if len(topic) > LONGEST:
        return None
    if kind == PRESENCE:
        return _presence_group(user, argument)
    path = settings.LIVE_TOPICS.get(kind)
    return None if path is None else import_string(path)(user, argument)


def address(tenant_id: int, group: str) -> str:
    """Return a group's name in the channel layer, which all tenants share."""
    return f"nova.{tenant_id}.{group}"


def presence_group(group: str) -> str:
    """Return the group that hears who comes and goes where `group` hears of changes."""
    return f"{PRESENCE}.{group}"


def _presence_group(user: User, topic: str) -> str | None:
    group = None if topic.startswith(PRESENCE) else resolve(user, topic)
    return None if group is None or group.endswith(PUBLIC) else presence_group(group)
