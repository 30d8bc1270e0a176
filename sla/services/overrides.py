"""Promise chosen people more than policies do, while they are VIPs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish
from sla.events import VipOverridden
from sla.models import VipOverride
from sla.overriding import check_override
from sla.services.changing import set_changed

Stated = Mapping[str, Any]
WHOM = ("person", "department", "team")


@transaction.atomic
def override_sla(
    whom: Stated,
    vip_sla_override: Stated,
    *,
    reason: str,
    actor: User,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> VipOverride:
    """Promise one person, or those of one department or team, other targets from `starts_at` on.

    `whom` is such as {"person": person}. Raises `Malformed` for what the schema refuses, and
    `Refused` without a reason or with dates by which it would never hold.
    """
    starts_at = starts_at or now
    _check(vip_sla_override, reason, starts_at, ends_at)
    override = VipOverride.objects.create(
        **whom,
        tenant_id=actor.tenant_id,
        vip_sla_override=vip_sla_override,
        reason=reason,
        author=actor,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _tell(override, {"vip_sla_override": (None, vip_sla_override)}, actor, now)
    return override


@transaction.atomic
def edit_override(override_id: int, stated: Stated, *, actor: User, now: datetime) -> VipOverride:
    """Change what an override promises, to whom or until when. No change, no event.

    Clocks that run keep what they copied. Raises as `override_sla` does.
    """
    override = VipOverride.objects.select_for_update(of=("self",)).get(pk=override_id)
    changes = set_changed(override, stated)
    if changes:
        terms, reason = override.vip_sla_override, override.reason
        _check(terms, reason, override.starts_at, override.ends_at)
        override.save(update_fields=list(changes))
        _tell(override, changes, actor, now)
    return override


def _check(terms: Stated, reason: str, starts_at: datetime, ends_at: datetime | None) -> None:
    check_override(terms)
    if not reason.strip():
        raise Refused(_("Say why."))
    if ends_at and ends_at <= starts_at:
        raise Refused(_("It must end after it starts."))


def _tell(override: VipOverride, changes: dict[str, Change], actor: User, now: datetime) -> None:
    event = VipOverridden(
        tenant_id=override.tenant_id,
        override_id=override.pk,
        whom=str(override),
        changes=changes,
    )
    publish(event, actor=actor, now=now)
