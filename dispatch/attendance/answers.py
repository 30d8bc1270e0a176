"""Read what an attendance service answers: what is as agreed is used, the rest is told. Pure.

The format is written down in docs/attendance.md.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

MOST_ROWS = 20_000
LONGEST_NAME = 254
FARTHEST = timedelta(days=3 * 366)
# By how much two clocks may differ before one is thought to be in another zone.
TOLERANCE = timedelta(minutes=5)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
NAMES, INSTANTS = ("email", "external_id"), ("since", "until", "back_at")
FIELDS = {*NAMES, "on_duty", *INSTANTS}
MOST_NAMED = 5


class NotAsAgreed(Exception):
    """Nothing of the answer can be used. The message says why."""


class Who(NamedTuple):
    """By what somebody is known: in the service's answer, or here."""

    email: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one place of the answer. With an `error` nothing of it is used."""

    number: int
    who: Who
    on_duty: bool = False
    since: datetime | None = None
    until: datetime | None = None
    back_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an answer says of the engineers, by their ids.

    Of the `unclear` it says something that cannot be used, so that what was said before goes on
    to hold. `strangers` are how many people it names who are no engineers here.
    """

    rows: Mapping[int, Row]
    unclear: frozenset[int]
    strangers: int
    remarks: Sequence[str]


def findings_in(content: bytes, engineers: Mapping[int, Who], at: datetime) -> Findings:
    """Return what an answer for the instant `at` says. Raises `NotAsAgreed`."""
    listed = _listed(content)
    rows = [_row(number, told, at) for number, told in enumerate(listed, start=1)]
    if rows and all(row.error for row in rows):
        raise NotAsAgreed(f"No row is as agreed. The first one: {rows[0].error}.")
    meant = _Meant.of(engineers)
    rows = [meant.checked(row) for row in rows]
    told_of: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        for pk in meant.by(row.who):
            told_of[pk].append(row)
    used = {pk: first for pk, (first, *more) in told_of.items() if not more and not first.error}
    return Findings(
        used,
        frozenset(told_of.keys() - used.keys()),
        strangers=sum(not row.error and not meant.by(row.who) for row in rows),
        remarks=[*_remarks(rows, told_of.values()), *_unread(listed)],
    )


@dataclass(frozen=True, slots=True)
class _Meant:
    """Whom names mean here."""

    by_email: Mapping[str, int]
    by_external_id: Mapping[str, int]

    @classmethod
    def of(cls, engineers: Mapping[int, Who]) -> "_Meant":
        return cls(
            {who.email: pk for pk, who in engineers.items()},
            {who.external_id: pk for pk, who in engineers.items() if who.external_id},
        )

    def by(self, who: Who) -> set[int]:
        found = self.by_email.get(who.email), self.by_external_id.get(who.external_id)
        return {pk for pk in found if pk is not None}

    def checked(self, row: Row) -> Row:
        """Return a row, with an error if its two names mean two people."""
        is_torn = len(self.by(row.who)) > 1 and not row.error
        return replace(row, error="email and external_id are of two people") if is_torn else row


def _remarks(rows: Iterable[Row], told_of: Iterable[Sequence[Row]]) -> Iterator[str]:
    for row in rows:
        if row.error:
            yield f"row {row.number}: {row.error}"
    for several in told_of:
        if len(several) > 1:
            numbers = " and ".join(str(row.number) for row in several[:MOST_NAMED])
            yield f"rows {numbers}: are about one person, and none of them is used"


def _listed(content: bytes) -> list[Any]:
    try:
        listed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotAsAgreed("It is not JSON.") from error
    if not isinstance(listed, list):
        raise NotAsAgreed("It is not a list.")
    if len(listed) > MOST_ROWS:
        raise NotAsAgreed(f"It has more than {MOST_ROWS} rows.")
    return listed


def _row(number: int, told: object, at: datetime) -> Row:
    if not isinstance(told, dict):
        return Row(number, Who("", ""), error="is not an object")
    who = Who(_named(told.get("email")).lower(), _named(told.get("external_id")))
    error = next(_errors(told, who, at), "")
    if error:
        return Row(number, who, error=error)
    since, until, back_at = (_instant(told.get(name)) for name in INSTANTS)
    on_duty: bool = told["on_duty"]
    # What is past by now says nothing of what comes.
    until = until if on_duty and until and until > at else None
    back_at = back_at if not on_duty and back_at and back_at > at else None
    return Row(number, who, on_duty, since if on_duty else None, until, back_at)


def _errors(told: Mapping[str, Any], who: Who, at: datetime) -> Iterator[str]:
    """Yield what is wrong with a row, each with the field that it is about."""
    for name in NAMES:
        if told.get(name) is not None and not getattr(who, name):
            yield f"{name}: is not a text of 1 to {LONGEST_NAME} characters"
    if not any(who):
        yield "names nobody by email or external_id"
    if not isinstance(told.get("on_duty"), bool):
        yield "on_duty: is not true or false"
    for name in INSTANTS:
        if told.get(name) is not None:
            yield from _errors_of_instant(name, _instant(told[name]), at)


def _errors_of_instant(name: str, instant: datetime | None, at: datetime) -> Iterator[str]:
    if instant is None:
        yield f"{name}: is not an instant with its zone, such as 2026-03-03T09:12:00Z"
    elif abs(instant - at) > FARTHEST:
        yield f"{name}: is years away"
    elif name == "since" and instant > at + TOLERANCE:
        yield f"{name}: has not come yet; is it of another zone?"


def _named(value: object) -> str:
    """Return a name, or "" where this is none."""
    is_name = isinstance(value, str) and len(value) <= LONGEST_NAME
    return str(value).strip() if is_name else ""


def _instant(value: object) -> datetime | None:
    """Return the instant that a text is in full (RFC 3339), in UTC; None where it is none."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unread(listed: Iterable[Any]) -> Iterator[str]:
    """Yield, once for all rows, which of their fields nobody reads: perhaps one is misspelt."""
    names = {name for told in listed if isinstance(told, dict) for name in told} - FIELDS
    plain = sorted(name for name in names if name.isidentifier() and len(name) <= LONGEST_NAME)
    if plain:
        yield f"not read: {', '.join(plain[:MOST_NAMED])}"
