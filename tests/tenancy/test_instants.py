"""Instants come back from Postgres as they went in: aware, in UTC, to the microsecond."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from nova.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
INSTANTS = [
    datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]


@pytest.mark.parametrize("at", INSTANTS, ids=str)
def test_an_instant_comes_back_in_utc(tenant, at):
    Tenant.objects.filter(pk=tenant.pk).update(created_at=at)
    found = Tenant.objects.values_list("created_at", flat=True)
    in_pieces = list(found.filter(pk=tenant.pk).iterator(chunk_size=1))

    assert [at] == in_pieces == list(found.filter(pk=tenant.pk))
    assert {value.tzinfo for value in in_pieces} == {UTC}


def test_instants_in_arrays_and_bare_statements_are_in_utc_too(tenant):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, ARRAY[%s::timestamptz]", [INSTANTS[2]] * 2)
        one, [another] = cursor.fetchone()

    assert one == another == INSTANTS[2]
    assert one.tzinfo is another.tzinfo is UTC
