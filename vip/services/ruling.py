"""Rules by which people are VIPs: made, edited, confirmed, retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused, Stale
from nova.events.base import Change
from nova.events.bus import publish
from nova.text import is_blank
from vip.conditions import Condition, check_condition, in_words
from vip.events import VipRuleConfirmed, VipRuleEdited, VipRuleMade, VipRuleRetired
from vip.matching import people_matching
from vip.models import VipRule
from vip.services.reassessments import bring_in_step

MOST_RULES = 100  # each is looked at for every ticket that is opened


@transaction.atomic
def make_rule(
    name: str, level: str, condition: Condition, *, reason: str, actor: User, now: datetime
) -> VipRule:
    """Make whom a condition matches VIPs, from now on and for as long as it does.

    Raises `Malformed` for a condition that cannot be read, and `Refused` without a name or a
    reason, for a name that is taken, and beyond the most rules that are looked at.
    """
    check_condition(condition)
    _check(name, reason)
    if VipRule.objects.active().filter(tenant=actor.tenant_id).count() >= MOST_RULES:
        raise Refused(
            _("There are %(count)s rules, and no more are possible.") % {"count": MOST_RULES}
        )
    rule = VipRule(
        tenant_id=actor.tenant_id,
        name=name,
        level=level,
        condition=condition,
        reason=reason,
        author=actor,
        created_at=now,
        changed_at=now,
    )
    _save(rule)
    stated: dict[str, Any] = {"level": level, "condition": dict(condition), "reason": reason}
    publish(VipRuleMade(**_named(rule), **stated), actor=actor, now=now)
    words = {"rule": rule.name, "condition": in_words(condition)}
    because = _("The rule %(rule)s was made: %(condition)s") % words
    _follow(rule, [condition], because, actor, now)
    return rule


@transaction.atomic
def edit_rule(
    rule_id: int,
    fields: Mapping[str, Any],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> VipRule:
    """Change name, level, condition or reason. No change, no event.

    Raises `Stale` when `version` is given and somebody changed the rule since, `Malformed` for a
    condition that cannot be read, and `Refused` for one that is retired or a name that is taken.
    """
    rule = _held(rule_id, version)
    changes: dict[str, Change] = {
        name: (getattr(rule, name), value)
        for name, value in fields.items()
        if getattr(rule, name) != value
    }
    if not changes:
        return rule
    check_condition(fields.get("condition", rule.condition))
    _check(fields.get("name", rule.name), fields.get("reason", rule.reason))
    former = rule.condition
    for name in changes:
        setattr(rule, name, fields[name])
    rule.version, rule.changed_at, rule.reviewed_at = rule.version + 1, now, now
    _save(rule)
    event = VipRuleEdited(**_named(rule), version=rule.version, changes=changes)
    publish(event, actor=actor, now=now)
    if changes.keys() - {"reason"}:
        because = _("The rule %(rule)s was changed") % {"rule": rule.name}
        _follow(rule, [former, rule.condition], because, actor, now)
    return rule


@transaction.atomic
def confirm_rule(rule_id: int, *, actor: User, now: datetime) -> VipRule:
    """Note that somebody has looked at a rule, and that it is still right."""
    rule = _held(rule_id)
    rule.reviewed_at = now
    rule.save(update_fields=["reviewed_at"])
    publish(VipRuleConfirmed(**_named(rule)), actor=actor, now=now)
    return rule


@transaction.atomic
def retire_rule(rule_id: int, *, reason: str, actor: User, now: datetime) -> VipRule:
    """End a rule now. It stays on record, under its name."""
    rule = _held(rule_id)
    if is_blank(reason):
        raise Refused(_("Say why."))
    rule.is_active, rule.retired_at = False, now
    rule.save(update_fields=["is_active", "retired_at"])
    publish(VipRuleRetired(**_named(rule), reason=reason), actor=actor, now=now)
    words = {"rule": rule.name, "reason": reason}
    because = _("The rule %(rule)s was retired: %(reason)s") % words
    _follow(rule, [rule.condition], because, actor, now)
    return rule


def _follow(
    rule: VipRule, conditions: list[Condition], because: str, actor: User, now: datetime
) -> None:
    """Bring whom these conditions match in step: also whom the former one did."""
    ids = {
        pk
        for condition in conditions
        for pk in people_matching(condition).values_list("pk", flat=True)
    }
    acting: dict[str, Any] = {"actor": actor, "now": now}
    bring_in_step(ids, because=because, rule_id=rule.pk, **acting)


def _held(rule_id: int, version: int | None = None) -> VipRule:
    rule = VipRule.objects.select_for_update().get(pk=rule_id)
    if not rule.is_active:
        raise Refused(_("This rule is retired."))
    if version is not None and version != rule.version:
        raise Stale(_("The rule was changed by somebody else. Look at it again."))
    return rule


def _check(name: str, reason: str) -> None:
    if is_blank(name):
        raise Refused(_("Give it a name."))
    if is_blank(reason):
        raise Refused(_("Say why."))


def _save(rule: VipRule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        message = _("There is a rule called %(rule)s already.")
        raise Refused(message % {"rule": rule.name}) from error


def _named(rule: VipRule) -> dict[str, Any]:
    return {"tenant_id": rule.tenant_id, "rule_id": rule.pk, "rule": rule.name}
