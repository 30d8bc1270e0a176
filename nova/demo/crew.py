"""Say what the demo's engineers know, when they work, and who is on leave just now."""

from datetime import datetime, timedelta
from typing import Any

from dispatch import services as dispatch
from dispatch.models import Certificate, CertificateNeed, Engineer, Skill, SkillNeed
from dispatch.services import Hours, Stated, StatedChange
from nova.accounts.zones import zone_named
from nova.demo.cast import ADMIN, Cast
from nova.demo.tables.shapes import Engineer as Row

SAID = timedelta(days=20)  # how long before an absence began it was stated


def engage(cast: Cast, *, now: datetime) -> None:
    """Let people be given work, with what they know and their week; and say what work asks for."""
    crew, needs = cast.organisation.crew, cast.organisation.needs
    skills = _made(cast, Skill, {name for row in crew for name in row.skills})
    papers = _made(cast, Certificate, {name for row in crew for name in row.certificates})
    for row in crew:
        stated: Stated = {
            "capacity": row.capacity,
            "languages": row.languages,
            "is_for_vips": row.is_for_vips,
            "skills": {skills[name]: level for name, level in row.skills.items()},
            "certificates": {
                papers[name]: None if days is None else (now + timedelta(days=days)).date()
                for name, days in row.certificates.items()
            },
        }
        acting: dict[str, Any] = {"actor": cast.people[ADMIN], "now": now}
        made = dispatch.add_engineer(cast.people[row.email], stated, **acting)
        dispatch.set_week(made.pk, [Hours(*hours) for hours in row.week], **acting)
    subcategories = {name: each for (_parent, name), each in cast.categories.items()}
    for need in needs:
        where: dict[str, Any] = {"tenant": cast.tenant}
        if need.is_category:
            where["category"] = subcategories[need.of]
        else:
            where["service"] = cast.services[need.of]
        if need.certificate:
            CertificateNeed.objects.create(certificate_id=papers[need.certificate], **where)
        else:
            named = {"skill_id": skills[need.skill], "level": need.level}
            SkillNeed.objects.create(is_mandatory=need.is_mandatory, **named, **where)


def roster(cast: Cast, *, now: datetime) -> None:
    """State who is away just now or soon, each when it was known."""
    people = {row.email: cast.people[row.email] for row in cast.organisation.crew}
    found = Engineer.objects.filter(person__in=people.values())
    engineers = {each.person_id: each.pk for each in found}
    for row in cast.organisation.crew:
        for change in _absences(row, now, people[row.email].zone):
            dispatch.add_change(
                engineers[people[row.email].pk], change, actor=cast.people[ADMIN], now=now - SAID
            )


def _absences(row: Row, now: datetime, zone: str) -> list[StatedChange]:
    today = now.astimezone(zone_named(zone)).date()
    return [
        StatedChange(
            kind=absence.kind,
            first=today + timedelta(days=absence.first),
            last=today + timedelta(days=absence.last),
            reason=absence.reason,
        )
        for absence in row.absences
    ]


def _made(cast: Cast, model: type[Any], names: set[str]) -> dict[str, int]:
    rows = [model(tenant=cast.tenant, name=name) for name in sorted(names)]
    return {row.name: row.pk for row in model.objects.bulk_create(rows)}
