"""Read by one statement all that decides whether people are VIPs. Opening a ticket asks it too."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from nova.accounts.choices import VipLevel
from vip.conditions import Facts
from vip.rules import Ground, Rule, Standing, Subject, assess

# Rules are few and are read whole: what they match is decided by them, not stored, so that it
# is never out of date (docs/decisions/0057).
GATHER = """
    SELECT (
        SELECT json_agg(found) FROM (
            SELECT u.id, u.title, u.attributes, d.name AS department, s.name AS site,
                u.is_active AND u.departed_at IS NULL AS is_here, u.kind = 'person' AS is_person,
                mine.groups, held.designations
            FROM accounts_user AS u
            LEFT JOIN accounts_department AS d ON d.id = u.department_id
            LEFT JOIN accounts_site AS s ON s.id = u.site_id
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(g.id), '{}') AS ids,
                    coalesce(array_agg(g.name ORDER BY g.name), '{}') AS groups
                FROM accounts_groupmembership AS m JOIN accounts_group AS g ON g.id = m.group_id
                WHERE m.person_id = u.id
            ) AS mine
            CROSS JOIN LATERAL (
                SELECT json_agg(json_build_array(v.id, v.level, v.source, v.reason, v.starts_at,
                    least(v.ends_at, v.revoked_at)) ORDER BY v.starts_at, v.id) AS designations
                FROM vip_designation AS v
                WHERE (v.person_id = u.id OR v.department_id = u.department_id
                        OR v.site_id = u.site_id OR v.floor_id = u.floor_id
                        OR v.group_id = ANY(mine.ids))
                    AND v.tenant_id = u.tenant_id AND v.starts_at <= %(at)s
                    AND (v.ends_at IS NULL OR v.ends_at > %(at)s)
                    AND (v.revoked_at IS NULL OR v.revoked_at > %(at)s)
            ) AS held
            WHERE u.id = ANY(%(people)s)
        ) AS found
    ), (
        SELECT json_agg(json_build_array(id, name, level, condition) ORDER BY id)
        FROM vip_viprule WHERE is_active
    ), (
        SELECT default_level FROM vip_vipsettings LIMIT 1
    )
"""


@dataclass(frozen=True)
class Gathered:
    """What decides on some people, by the id of each."""

    subjects: Mapping[int, Subject]
    rules: tuple[Rule, ...]
    default_level: str

    def standings(
        self, at: datetime, rules: Collection[Rule] | None = None
    ) -> dict[int, Standing]:
        """Return what everybody is by these rules, or by those that are in force."""
        by = self.rules if rules is None else rules
        return {
            pk: assess(subject, by, self.default_level, at=at)
            for pk, subject in self.subjects.items()
        }


def gather(people: Collection[int], *, at: datetime) -> Gathered:
    """Return what decides on these people. Call inside their tenant's fence."""
    with connection.cursor() as cursor:
        cursor.execute(GATHER, {"people": list(people), "at": at})
        found, rules, default_level = map(_read, cursor.fetchone())
    return Gathered(
        {row["id"]: _subject(row) for row in found or ()},
        tuple(Rule(*row) for row in rules or ()),
        default_level or VipLevel.PRIORITY,
    )


def _read(value: Any) -> Any:
    """Read JSON that the driver left as text."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _subject(row: Mapping[str, Any]) -> Subject:
    facts = Facts(
        title=row["title"],
        department=row["department"] or "",
        site=row["site"] or "",
        groups=tuple(row["groups"]),
        attributes=row["attributes"],
    )
    designated = tuple(_ground(*held) for held in row["designations"] or ())
    is_here = row["is_here"] and row["is_person"]
    return Subject(row["id"], is_here, facts, designated)


def _ground(
    pk: int, level: str, source: str, reason: str, starts_at: str, ends_at: str | None
) -> Ground:
    return Ground(
        *(level, source, reason),
        designation_id=pk,
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
    )
