"""Whether this process can do its work."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError


def failures() -> dict[str, str]:
    """Return what does not answer, by part, each with the error; empty when all is well."""
    found = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        found["database"] = str(error).strip()
    try:
        cache.set("readyz", 1, 5)
    except RedisError as error:
        found["redis"] = str(error)
    return found
