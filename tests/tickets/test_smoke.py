from datetime import UTC, datetime
import pytest
from nova.accounts.models import User, Department
from nova.tenancy.services import create_tenant
from nova.tenancy import fence
from nova.events.models import EventRecord
from nova.events.consumers import consume
from tickets import services
from tickets.models import Ticket
from tickets.intake import TicketDraft
from vip.services import designate_vip, revoke_vip

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)

@pytest.mark.django_db
def test_open():
    t = create_tenant("acme", "Acme", now=NOW)
    with fence.inside(t.pk):
        d = Department.objects.create(tenant=t, name="C-suite")
        u = User.objects.create_user("a@b.c", name="A", tenant=t, department=d)
        ticket = services.open_ticket(TicketDraft(requester=u, submitted_by=u, title="x", opened_at=NOW), actor=u, now=NOW)
        des = designate_vip({"department_id": d.pk}, "exec", reason="boss", actor=u, now=NOW)
    consume(t.pk, now=NOW)
    with fence.inside(t.pk):
        print(list(EventRecord.objects.values("sequence","name")))
        ticket.refresh_from_db()
        assert ticket.vip_priority_score == 300
        two = services.open_ticket(TicketDraft(requester=u, submitted_by=u, title="x", opened_at=NOW), actor=u, now=NOW)
        assert two.vip_priority_score == 300
        revoke_vip(des.pk, reason="left", actor=u, now=NOW)
    consume(t.pk, now=NOW)
    with fence.inside(t.pk):
        assert Ticket.objects.filter(vip_priority_score=0).count() == 2
        services.move_ticket(ticket.pk, "resolved", actor=u, now=NOW)
