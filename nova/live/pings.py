"""Tell groups that something changed. A ping carries a number and no contents."""

import asyncio
from collections.abc import Mapping

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from nova.live.topics import address

log = structlog.get_logger(__name__)


def ping(tenant_id: int, groups: Mapping[str, int | None]) -> None:
    """Tell each group the sequence of its latest change. When Redis is down, nobody hears."""
    try:
        async_to_sync(ping_async)(tenant_id, groups)
    except (RedisError, OSError) as error:
        log.warning("pings_lost", tenant_id=tenant_id, error=str(error))


async def ping_async(tenant_id: int, groups: Mapping[str, int | None]) -> None:
    layer = get_channel_layer()
    sends = (
        layer.group_send(
            address(tenant_id, group), {"type": "changed", "group": group, "sequence": sequence}
        )
        for group, sequence in groups.items()
    )
    await asyncio.gather(*sends)
