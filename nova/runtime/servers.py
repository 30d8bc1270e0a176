"""The two servers that Nova needs: those given in the environment, else embedded ones."""

import asyncio
import os
from dataclasses import dataclass

from nova.runtime.home import PROJECT, Home
from nova.runtime.postgres import APP, OWNER, TEST, open_cluster
from nova.runtime.redis import open_redis
from nova.runtime.supervisor import Supervisor

Environment = dict[str, str]


@dataclass(frozen=True)
class Servers:
    """Where the servers are. The owner migrates; the product works as the other role."""

    owner_url: str
    database_url: str
    redis_url: str
    is_database_given: bool

    def environment(self, home: Home) -> Environment:
        """Return what the product's programs are told, beside what they inherit."""
        return {
            "NOVA_SECRET_KEY": os.environ.get("NOVA_SECRET_KEY") or home.secret("secret-key"),
            "NOVA_HOME": str(home.path),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "DJANGO_SETTINGS_MODULE": "nova.settings",
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
        }


async def start_servers(supervisor: Supervisor, home: Home) -> Servers:
    """Start what is not given in DATABASE_URL and REDIS_URL."""
    given = database_url = os.environ.get("DATABASE_URL", "")
    owner_url = os.environ.get("NOVA_OWNER_DATABASE_URL", database_url)
    if not given:
        cluster = await asyncio.to_thread(open_cluster, home)
        await supervisor.start(cluster.part())
        await asyncio.to_thread(cluster.prepare)
        owner_url, database_url = cluster.url(OWNER), cluster.url(APP)
    redis_url = await _start_redis(supervisor, home)
    return Servers(owner_url, database_url, redis_url, bool(given))


async def start_test_servers(supervisor: Supervisor, home: Home) -> Servers:
    """Start servers that forget all, with one role that owns what it tests."""
    given = database_url = os.environ.get("DATABASE_URL", "")
    if not given:
        cluster = await asyncio.to_thread(open_cluster, home, for_tests=True)
        await supervisor.start(cluster.part())
        await asyncio.to_thread(cluster.prepare_for_tests)
        database_url = cluster.url(TEST)
    redis_url = await _start_redis(supervisor, home, for_tests=True)
    return Servers(database_url, database_url, redis_url, bool(given))


async def _start_redis(supervisor: Supervisor, home: Home, *, for_tests: bool = False) -> str:
    if given := os.environ.get("REDIS_URL"):
        return given
    redis = open_redis(home, for_tests=for_tests)
    await supervisor.start(redis.part())
    return redis.url
