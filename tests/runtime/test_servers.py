"""The servers that these tests themselves run on."""

import os

import psycopg
import redis


def test_the_role_of_the_tests_is_bound_by_row_security():
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    with psycopg.connect(url) as database:
        role = database.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert role == (False, False, True)


def test_redis_answers():
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
