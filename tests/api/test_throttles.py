"""Limits per person and per key, told in headers; and none when Redis is down."""

import pytest

from nova import volatile
from nova.api.throttles import count

SITES = "/api/support/sites"


def test_headers_tell_what_is_left(program, settings):
    settings.API_LIMITS = {"person": (10, 60), "key": (10, 60)}
    program.get(SITES)
    response = program.get(SITES)

    assert response["RateLimit-Policy"] == '"person";q=10;w=60'
    assert response["RateLimit"].startswith('"person";r=8;t=')


def test_beyond_the_limit_is_429_with_the_time_to_wait(program, settings):
    settings.API_LIMITS = {"person": (1, 3600), "key": (10, 60)}
    program.get(SITES)
    response = program.get(SITES)

    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert response["RateLimit"].startswith('"person";r=0;')


def test_a_window_ends(settings):
    settings.API_LIMITS = {"person": (1, 60)}

    assert [count({"person": "7"}, now)[0].left for now in (0, 59, 60, 119)] == [0, -1, 0, -1]


@pytest.fixture
def no_redis(settings):
    """Let Redis be where nothing listens."""
    settings.VOLATILE_URL = "redis://127.0.0.1:1/0"
    volatile.client.cache_clear()
    yield
    volatile.client.cache_clear()
    volatile.Breaker.until = 0.0


def test_without_redis_requests_pass(program, no_redis):
    response = program.get(SITES)

    assert response.status_code == 200
    assert "RateLimit" not in response
