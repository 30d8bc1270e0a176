"""What is taken out of Nova about VIPs leaves a trace."""

from datetime import date, datetime

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish
from vip.events import VipReportExported


@transaction.atomic
def note_export(
    report: str, *, since: date, until: date, form: str, actor: User, now: datetime
) -> None:
    """Keep that somebody exported a report of these days, both inclusive, as "csv" or "pdf"."""
    event = VipReportExported(
        tenant_id=actor.tenant_id,
        report=report,
        since=since.isoformat(),
        until=until.isoformat(),
        form=form,
    )
    publish(event, actor=actor, now=now)
