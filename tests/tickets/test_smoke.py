from datetime import UTC, datetime
import pytest
from nova.accounts.models import User
from nova.tenancy.services import create_tenant
from nova.tenancy import fence
from nova.events.models import EventRecord
from tickets import services
from tickets.intake import TicketDraft

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)

@pytest.mark.django_db
def test_open():
    t = create_tenant("acme", "Acme", now=NOW)
    with fence.inside(t.pk):
        u = User.objects.create_user("a@b.c", name="A", tenant=t)
        ticket = services.open_ticket(TicketDraft(requester=u, submitted_by=u, title="x", opened_at=NOW), actor=u, now=NOW)
        services.move_ticket(ticket.pk, "resolved", actor=u, now=NOW)
        assert [e.name for e in EventRecord.objects.all()] == ["tickets.TicketOpened", "tickets.TicketMoved"]
        from nova.events.sequence import advance
        assert advance(t.pk) == 2
    assert not EventRecord.objects.exists()
