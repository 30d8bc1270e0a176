"""The rows of what an engineer brings, which are stated all at once: skills, papers, sites."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from dispatch.models import (
    Certificate,
    Engineer,
    EngineerCertificate,
    EngineerSite,
    EngineerSkill,
    Skill,
)
from nova.accounts.models import Site
from nova.errors import Refused
from nova.events.base import Change


@dataclass(frozen=True)
class Rows:
    """A table with one row for each thing that an engineer has; `value` is a column beside it."""

    name: str
    of: type[Model]
    thing: type[Model]
    to: str
    value: str = ""

    def column(self, row: Any) -> Any:
        return getattr(row, self.value) if self.value else None


SKILLS = Rows("skills", EngineerSkill, Skill, "skill", "level")
CERTIFICATES = Rows("certificates", EngineerCertificate, Certificate, "certificate", "expires_on")
SITES = Rows("sites", EngineerSite, Site, "site")
ALL = (SKILLS, CERTIFICATES, SITES)


def state(engineer: Engineer, rows: Rows, wanted: Mapping[int, Any] | Collection[int]) -> Change:
    """Make the rows of an engineer those that are wanted; return before and after in words.

    Raises `Refused` for a thing that there is none of.
    """
    values = dict(wanted) if isinstance(wanted, Mapping) else dict.fromkeys(wanted)
    found = {getattr(row, f"{rows.to}_id"): row for row in _all(rows.of).filter(engineer=engineer)}
    before = {pk: rows.column(row) for pk, row in found.items()}
    names = names_of(rows, before.keys() | values.keys())
    if values.keys() - names.keys():
        raise Refused(_("There is no such %(thing)s.") % {"thing": rows.thing._meta.verbose_name})
    if before != values:
        _write(engineer, rows, found, values)
    return _said(names, before), _said(names, values)


def names_of(rows: Rows, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of things, by id."""
    wanted = list(ids)
    if not wanted:
        return {}
    return dict(_all(rows.thing).filter(pk__in=wanted).values_list("pk", "name"))


def _write(
    engineer: Engineer, rows: Rows, found: Mapping[int, Any], values: Mapping[int, Any]
) -> None:
    gone = [row.pk for pk, row in found.items() if pk not in values]
    _all(rows.of).filter(pk__in=gone).delete()
    for pk, row in found.items():
        if pk in values and rows.column(row) != values[pk]:
            setattr(row, rows.value, values[pk])
            row.save(update_fields=[rows.value])
    _all(rows.of).bulk_create(
        rows.of(
            tenant_id=engineer.tenant_id,
            engineer=engineer,
            **{f"{rows.to}_id": pk, **({rows.value: value} if rows.value else {})},
        )
        for pk, value in values.items()
        if pk not in found
    )


def _said(names: Mapping[int, str], values: Mapping[int, int | date | None]) -> list[str]:
    said = (
        f"{names[pk]} {'' if value is None else value}".strip() for pk, value in values.items()
    )
    return sorted(said)


def _all(model: type[Model]) -> Any:
    return model._default_manager.all()
