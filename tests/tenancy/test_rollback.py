"""What was done outside the database is undone with the transaction, and only then."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from nova.postgres.rollback import on_rollback

pytestmark = pytest.mark.django_db(transaction=True)


class Failure(Exception):
    """What makes a block roll back."""


@pytest.fixture
def undone():
    return []


def do(name, undone):
    on_rollback(lambda: undone.append(name))


def test_a_commit_undoes_nothing(undone):
    with transaction.atomic():
        do("file", undone)
        with transaction.atomic():
            do("another", undone)

    assert undone == []


def test_a_rollback_undoes_all_of_it_the_last_first(undone):
    with suppress(Failure), transaction.atomic():
        do("first", undone)
        with transaction.atomic():
            do("second", undone)
        raise Failure

    assert undone == ["second", "first"]


def test_a_savepoint_undoes_its_own_part_once(undone):
    with transaction.atomic():
        do("outer", undone)
        with suppress(Failure), transaction.atomic():
            do("inner", undone)
            raise Failure

    assert undone == ["inner"]


def test_a_block_without_a_savepoint_is_undone_with_the_whole(undone):
    with suppress(Failure), transaction.atomic():
        with suppress(Failure), transaction.atomic(savepoint=False):
            do("inner", undone)
            raise Failure
        assert undone == []

    assert undone == ["inner"]


def test_a_commit_that_is_refused_undoes_it(undone):
    late = "CREATE TEMPORARY TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
    with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{late} ON COMMIT DROP")
        cursor.execute("INSERT INTO late VALUES (1), (1)")
        do("file", undone)

    assert undone == ["file"]
