"""Where people see it otherwise than the engine: with a reason, and with a manager's approval."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, OuterRef, Subquery
from django.utils.translation import gettext as _

from dispatch.choices import OverrideStatus
from dispatch.events import OverrideAsked, OverrideSettled
from dispatch.models import Decision, Engineer, Override
from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish, publish_all
from tickets.models import Ticket
from tickets.services import assign_each
from tickets.services.locking import hold, refuse_deleted

APPROVE = "dispatch.approve_overrides"


@transaction.atomic
def ask_override(
    ticket_id: int, chosen: User, *, reason: str, approver: User, actor: User, now: datetime
) -> Override:
    """Ask that somebody else works on a ticket than the engine names.

    Who may approve and names themselves decides at once. Raises `Refused` where the reason is
    missing, where the approver may not approve, or while another wish for the ticket is open.
    """
    ticket = hold(ticket_id)
    _check(ticket, chosen, reason, approver)
    override = Override.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        decision=latest_decisions([ticket]).get(ticket.pk),
        chosen=chosen,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=now,
        approver=approver,
    )
    event = OverrideAsked(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        override_id=override.pk,
        chosen_id=chosen.pk,
        approver_id=approver.pk,
        reason=override.reason,
    )
    publish(event, actor=actor, now=now)
    if approver.pk == actor.pk:
        return approve_override(override.pk, actor=actor, now=now)
    return override


def approve_override(
    override_id: int, *, actor: User, now: datetime, comment: str = ""
) -> Override:
    """Give the ticket to whom was asked for.

    Raises `Refused` unless it awaits approval, and where it can be given to them no more.
    """
    return _settle(override_id, OverrideStatus.APPROVED, actor, now, comment)


def refuse_override(
    override_id: int, *, actor: User, now: datetime, comment: str = ""
) -> Override:
    """Leave the ticket where it is."""
    return _settle(override_id, OverrideStatus.REFUSED, actor, now, comment)


def withdraw_override(override_id: int, *, actor: User, now: datetime) -> Override:
    """Take a wish of one's own back."""
    return _settle(override_id, OverrideStatus.WITHDRAWN, actor, now, "")


@transaction.atomic
def _settle(
    override_id: int, status: OverrideStatus, actor: User, now: datetime, comment: str
) -> Override:
    ticket = hold(Override.objects.values_list("ticket_id", flat=True).get(pk=override_id))
    named = Override.objects.select_related("chosen", "asked_by")
    override = named.select_for_update(of=["self"]).get(pk=override_id)
    if override.status != OverrideStatus.ASKED:
        raise Refused(
            _("It was decided already: %(how)s.") % {"how": override.get_status_display()}
        )
    if status == OverrideStatus.WITHDRAWN and override.asked_by_id != actor.pk:
        raise Refused(_("Only who asked takes it back."))
    override.status, override.comment = status, comment
    override.decided_by, override.decided_at = actor, now
    override.save(update_fields=["status", "comment", "decided_by", "decided_at"])
    if status == OverrideStatus.APPROVED:
        _check_giving(ticket, override.chosen)
        _give([ticket], {"assignee": override.chosen}, override.reason, actor, now)
    publish(_settled(override), actor=actor, now=now)
    return override


def _settled(override: Override) -> OverrideSettled:
    return OverrideSettled(
        tenant_id=override.tenant_id,
        ticket_id=override.ticket_id,
        override_id=override.pk,
        chosen_id=override.chosen_id,
        status=override.status,
        reason=override.reason,
        comment=override.comment,
    )


def _give(
    tickets: Sequence[Ticket],
    people: Mapping[str, Model | None],
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    wanted = dict(people)
    for ticket in tickets:
        if ticket.backup_id == wanted["assignee"].pk:  # type: ignore[union-attr]
            wanted["backup"] = None
    assign_each(
        tickets,
        {ticket.pk: wanted for ticket in tickets},
        reasons={ticket.pk: reason for ticket in tickets},
        actor=actor,
        now=now,
    )


def guard(
    tickets: Sequence[Ticket],
    people: Mapping[str, Model | None],
    *,
    reason: str,
    actor: User,
    now: datetime,
) -> dict[int, Refused]:
    """Let nobody go round the engine: what differs from it is approved, and kept as an override.

    Called before people assign held tickets by hand; returns by ticket why not. Whom the engine
    names, and what it gave to nobody, is free to all who may assign.
    """
    chosen = people.get("assignee")
    if chosen is None or actor.kind != PersonKind.PERSON or not Engineer.objects.exists():
        return {}
    decisions = latest_decisions(tickets)
    differing = [t for t in tickets if differs(t, chosen, decisions.get(t.pk))]
    if not differing:
        return {}
    if not actor.has_perm(APPROVE):
        said = _("The engine names somebody else for %(ticket)s. Ask for it with a reason.")
    elif not reason.strip():
        said = _("The engine names somebody else for %(ticket)s. Say why.")
    else:
        _keep_own(differing, decisions, chosen, reason=reason, actor=actor, now=now)
        return {}
    return {t.pk: Refused(said % {"ticket": t.reference}) for t in differing}


def _keep_own(
    tickets: Sequence[Ticket],
    decisions: Mapping[int, Decision],
    chosen: Model,
    *,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Keep that a manager decided by themselves; what others had asked for is settled by that."""
    settled: dict[str, Any] = {"decided_by": actor, "decided_at": now}
    asked = _settle_asked(tickets, chosen, **settled)
    granted = {each.ticket_id for each in asked if each.status == OverrideStatus.APPROVED}
    own = [
        Override(
            tenant_id=ticket.tenant_id,
            ticket=ticket,
            decision=decisions.get(ticket.pk),
            chosen_id=chosen.pk,
            reason=reason.strip(),
            asked_by=actor,
            asked_at=now,
            approver=actor,
            status=OverrideStatus.APPROVED,
            **settled,
        )
        for ticket in tickets
        if ticket.pk not in granted
    ]
    Override.objects.bulk_create(own)
    publish_all([_settled(each) for each in (*asked, *own)], actor=actor, now=now)


def _settle_asked(
    tickets: Sequence[Ticket], chosen: Model, *, decided_by: User, decided_at: datetime
) -> list[Override]:
    """Approve of what was asked for if it is what is done now, and refuse the rest."""
    awaited = Override.objects.filter(ticket__in=tickets, status=OverrideStatus.ASKED)
    asked = list(awaited.order_by("pk").select_for_update())
    for each in asked:
        is_it = each.chosen_id == chosen.pk
        each.status = OverrideStatus.APPROVED if is_it else OverrideStatus.REFUSED
        each.decided_by, each.decided_at = decided_by, decided_at
    Override.objects.bulk_update(asked, ["status", "decided_by", "decided_at"])
    return asked


def latest_decisions(tickets: Sequence[Ticket]) -> dict[int, Decision]:
    """Return by ticket what was decided last."""
    newest = Decision.objects.filter(ticket=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    held = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
    ids = held.values_list(Subquery(newest), flat=True)
    return {each.ticket_id: each for each in Decision.objects.filter(pk__in=list(ids))}


def differs(ticket: Ticket, chosen: Model, decision: Decision | None) -> bool:
    """Say whether the engine names somebody else, so that giving it to them is an override."""
    if ticket.assignee_id == chosen.pk or decision is None:
        return False
    return decision.primary_id not in (None, chosen.pk)


def _check_giving(ticket: Ticket, chosen: User) -> None:
    refuse_deleted(ticket)
    if not ticket.is_open:
        raise Refused(_("%(ticket)s is not open.") % {"ticket": ticket.reference})
    if not Engineer.objects.at_work().filter(person=chosen).exists():
        raise Refused(_("%(person)s is given no work.") % {"person": chosen})


def _check(ticket: Ticket, chosen: User, reason: str, approver: User) -> None:
    _check_giving(ticket, chosen)
    if not reason.strip():
        raise Refused(_("Say why it shall be somebody else."))
    if ticket.assignee_id == chosen.pk:
        raise Refused(_("%(person)s has it already.") % {"person": chosen})
    if not approver.has_perm(APPROVE):
        raise Refused(_("%(person)s may not approve of it.") % {"person": approver})
    if Override.objects.filter(ticket=ticket, status=OverrideStatus.ASKED).exists():
        raise Refused(_("Somebody else is asked for already, and it awaits approval."))
