"""Indexes cost every write: none stands there twice, and none is dropped for good unawares."""

import pytest
from django.core.management import call_command
from django.db import connection

# Pairs of an index and a longer one of the same table that begins with its columns and holds at
# least its rows. One that is unique is there for another reason.
TWICE = """
    SELECT short.indexrelid::regclass::text, long.indexrelid::regclass::text
    FROM pg_index short
    JOIN pg_index long ON long.indrelid = short.indrelid AND long.indexrelid <> short.indexrelid
    JOIN pg_class mine ON mine.oid = short.indexrelid
    JOIN pg_class other ON other.oid = long.indexrelid AND other.relam = mine.relam
    WHERE short.indrelid::regclass::text ~ %s
    AND NOT short.indisunique
    AND short.indexprs IS NULL
    AND (long.indpred IS NULL
         OR pg_get_expr(long.indpred, long.indrelid) = pg_get_expr(short.indpred, short.indrelid))
    AND string_to_array(short.indkey::text, ' ')
        = (string_to_array(long.indkey::text, ' '))[1:short.indnkeyatts]
    AND string_to_array(short.indclass::text, ' ')
        = (string_to_array(long.indclass::text, ' '))[1:short.indnkeyatts]
"""
OURS = "^(accounts|api|dispatch|events|notifications|scim|sla|stardust|tickets|vip)_"
OF_RECIPIENT = """
    SELECT count(*) FROM pg_indexes
    WHERE tablename = 'notifications_delivery' AND indexdef LIKE '%%(recipient_id)'
"""


def asked(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def test_no_index_is_the_beginning_of_another(db):
    assert asked(TWICE, OURS) == []


@pytest.mark.django_db(transaction=True)
def test_dropping_the_index_of_a_foreign_key_can_be_taken_back():
    counts = []
    for migration in ("0002_fence", "0003_no_index_without_a_reader"):
        call_command("migrate", "notifications", migration, verbosity=0)
        counts += asked(OF_RECIPIENT)
    call_command("migrate", verbosity=0)  # also what other apps built upon it

    assert counts == [(1,), (0,)]
