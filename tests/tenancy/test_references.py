"""No row points at a row of another tenant, whoever writes it and with whatever words."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from nova.tenancy import fence
from nova.tenancy.models import TenantOwned
from tests.factories import PersonFactory, TenantFactory
from tests.tickets.making import opened_for

# What these keys need, an index more on the table that they point at, would cost every event,
# every clock and every comment (docs/decisions/0032).
PLAIN = {
    ("events_parkedevent", "record_id", "events_eventrecord"),
    ("notifications_delivery", "record_id", "events_eventrecord"),
    ("stardust_entry", "fact_id", "events_eventrecord"),
    ("sla_recalculationline", "clock_id", "sla_clock"),
    ("tickets_attachment", "comment_id", "tickets_comment"),
}
KEYS = """
    SELECT conrelid::regclass::text, attname, confrelid::regclass::text, cardinality(conkey)
    FROM pg_constraint JOIN pg_attribute
    ON attrelid = conrelid AND attnum = conkey[cardinality(conkey)]
    WHERE contype = 'f' AND convalidated
"""
AT_A_PERSON = {
    "requester": "UPDATE tickets_ticket SET requester_id = %s",
    "watcher": "INSERT INTO tickets_watcher (tenant_id, ticket_id, person_id, since)"
    " SELECT tenant_id, id, %s, now() FROM tickets_ticket",
    "actor": "INSERT INTO events_eventrecord (tenant_id, name, subject, payload, occurred_at,"
    " request_id, is_history, previous_hash, hash, actor_id)"
    " SELECT tenant_id, '', '', '{}', now(), '', false, '', '', %s FROM tickets_ticket",
    "VIP": "INSERT INTO vip_designation"
    " (tenant_id, person_id, author_id, level, source, reason, starts_at, created_at)"
    " SELECT tenant_id, %s, requester_id, 'gold', 'manual', 'x', now(), now()"
    " FROM tickets_ticket",
    "recipient": "INSERT INTO notifications_delivery (tenant_id, recipient_id, channel, kind,"
    " address, template, subject, text, html, link, state, attempts, last_error, key, created_at)"
    " SELECT tenant_id, %s, 'in_app', 'news', '', '', '', '', '', '', 'sent', 0, '', 'k', now()"
    " FROM tickets_ticket",
    "caller": "INSERT INTO api_idempotentanswer"
    " (tenant_id, person_id, key, fingerprint, headers, body, created_at)"
    " SELECT tenant_id, %s, 'k', '', '{}', '', now() FROM tickets_ticket",
}
AT_A_TICKET = {
    "clock": "UPDATE sla_clock SET number = 9, ticket_id = %s",
    "stage": "UPDATE tickets_stagevisit SET left_at = now(), ticket_id = %s",
    "comment": "INSERT INTO tickets_comment"
    " (tenant_id, ticket_id, author_id, body, is_internal, written_at)"
    " SELECT tenant_id, %s, requester_id, 'x', false, now() FROM tickets_ticket",
}


def references():
    """Return every foreign key from a tenant's row to a tenant's row."""
    return {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if issubclass(model, TenantOwned)
        and isinstance(field, models.ForeignKey)
        and issubclass(field.related_model, TenantOwned)
    }


@pytest.fixture
def ours(tenant):
    return opened_for(PersonFactory())


@pytest.fixture
def theirs(other_tenant, outsider):
    with fence.inside(other_tenant.pk):
        return opened_for(outsider)


def test_every_reference_is_a_key_over_the_tenant_too(db):
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        keys = cursor.fetchall()

    assert {tuple(key) for *key, columns in keys if columns == 2} == references() - PLAIN
    assert {tuple(key) for *key, columns in keys if columns == 1} & references() == PLAIN


def refused(words, pk):
    expected = pytest.raises(IntegrityError, match="same_tenant")
    with expected, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words, [pk])


@pytest.mark.parametrize("words", AT_A_PERSON.values(), ids=AT_A_PERSON)
def test_no_row_of_ours_points_at_a_person_of_theirs(words, ours, outsider):
    refused(words, outsider.pk)


@pytest.mark.parametrize("words", AT_A_TICKET.values(), ids=AT_A_TICKET)
def test_no_row_of_ours_points_at_a_ticket_of_theirs(words, ours, theirs):
    refused(words, theirs.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_migration_reads_the_rows_of_all_tenants_and_stops_at_one_that_crosses():
    ours, theirs = TenantFactory(), TenantFactory()
    with fence.inside(theirs.pk):
        stranger = PersonFactory()
    with fence.inside(ours.pk):
        opened_for(PersonFactory())  # which asks of tables that are not there before
    call_command("migrate", "vip", "0004_no_index_without_a_reader", verbosity=0)
    with fence.inside(ours.pk), connection.cursor() as cursor:
        cursor.execute(AT_A_PERSON["VIP"], [stranger.pk])

    with pytest.raises(IntegrityError, match="same_tenant"):
        call_command("migrate", "vip", verbosity=0)
    with fence.inside(ours.pk), connection.cursor() as cursor:
        cursor.execute("DELETE FROM vip_designation")  # the model has columns that are not there
    call_command("migrate", "vip", verbosity=0)

    with fence.inside(ours.pk):
        refused(AT_A_PERSON["VIP"], stranger.pk)
