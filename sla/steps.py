"""What the steps of an escalation are, and what Nova does where nobody states any. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from nova.hours import WorkingHours
from sla.choices import PROMISED, Metric, Reassign, StepHours, StepLevel, Whom
from sla.ledger import Cycle
from sla.rules import Step, share_of, step_at

EVERY_VIP = (StepLevel.EXEC, StepLevel.GOLD, StepLevel.PRIORITY)
BY_MESSAGE = ("in_app", "email", "slack")
BREACH = 100
MORNING, NIGHT = time(7), time(21)
URGENT = 2  # P1 and P2 wake people
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Escalation:
    """A step of a version: for which of its clocks it is, and what it brings about.

    Without `metric` it is for all that the requester was promised; without `vip_levels`, for all
    tickets. `posts_to` and `calls` are ids of hooks.
    """

    step: Step
    metric: str = ""
    vip_levels: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    channels: tuple[str, ...] = BY_MESSAGE
    hours: str = StepHours.WAKING
    quiet_until: time = MORNING
    reassign_to: str = ""
    raises_priority: bool = False
    opens_review: bool = False
    posts_to: int | None = None
    calls: int | None = None

    @property
    def level(self) -> int:
        """Return how far up the chain it goes: 0 is nowhere, 3 the operations manager."""
        return max((LEVELS.get(whom, 0) for whom in self.tells), default=0)

    @property
    def is_late(self) -> bool:
        """Say whether it comes when the time is over."""
        return (self.step.percent, self.step.offset_seconds) >= (BREACH, 0)

    def is_on(self, metric: str) -> bool:
        return metric == self.metric if self.metric else metric in PROMISED

    def is_for(self, vip_level: str) -> bool:
        """Say whether it is for a ticket of this VIP level; "" is none."""
        return not self.vip_levels or (vip_level or StepLevel.NONE) in self.vip_levels


LEVELS: dict[str, int] = {Whom.SENIOR: 1, Whom.HEAD: 2, Whom.OPERATIONS: 3}
BY_LEVEL: dict[int, str] = {level: whom for whom, level in LEVELS.items()}


@dataclass(frozen=True, slots=True)
class VersionSteps:
    """The steps of one version, and whether it is for VIPs alone."""

    steps: tuple[Escalation, ...]
    is_for_vips: bool = False

    def on(self, metric: str) -> tuple[Step, ...]:
        """Return when the steps of a clock of this metric are, whatever its ticket."""
        return tuple(each.step for each in self.steps if each.is_on(metric))

    def known_by(self, key: str) -> Escalation | None:
        return next((each for each in self.steps if each.step.key == key), None)

    def tells_of_vips(self, escalation: Escalation) -> bool:
        """Say whether only the tickets of VIPs come to this step."""
        levels = escalation.vip_levels
        return self.is_for_vips or (bool(levels) and StepLevel.NONE not in levels)


def _at(percent: int, *tells: str, **more: object) -> Escalation:
    return replace(Escalation(Step(f"~{percent}", percent), tells=tells), **more)  # type: ignore[arg-type]


# What happens where a version states no steps. VIPs' come earlier and closer together.
ORDINARY = (
    _at(75, Whom.ASSIGNEE),
    _at(90, Whom.SENIOR),
    _at(BREACH, Whom.ASSIGNEE, Whom.LEAD),
    _at(150, Whom.HEAD),
    _at(200, Whom.OPERATIONS),
)
FAILING_OVER = (
    *ORDINARY[:1],
    replace(ORDINARY[1], reassign_to=Reassign.BACKUP),
    replace(ORDINARY[2], reassign_to=Reassign.LEAD),
    *ORDINARY[3:],
)
FOR_VIPS = (
    _at(50, Whom.ASSIGNEE),
    _at(75, Whom.ASSIGNEE, Whom.SENIOR),
    _at(85, Whom.LEAD),
    _at(90, reassign_to=Reassign.BACKUP),
    _at(95, Whom.HEAD),
    _at(BREACH, Whom.ASSIGNEE, Whom.LEAD, Whom.OPERATIONS, reassign_to=Reassign.LEAD),
)
# A team's part is between teams: who has it and who answers for it are told, and nobody above.
OF_TEAMS = (_at(75, Whom.ASSIGNEE), _at(BREACH, Whom.ASSIGNEE, Whom.LEAD))


def _marked(steps: Iterable[Escalation], mark: str, **more: object) -> tuple[Escalation, ...]:
    """Return steps with keys of their own, so that no two of a version share one."""
    return tuple(
        replace(each, step=replace(each.step, key=f"{mark}{each.step.percent}"), **more)  # type: ignore[arg-type]
        for each in steps
    )


DEFAULT = (
    *_marked(ORDINARY, "~", vip_levels=(StepLevel.NONE,)),
    *_marked(FOR_VIPS, "~vip", vip_levels=EVERY_VIP),
    *_marked(OF_TEAMS, "~ola", metric=Metric.OLA),
)
DEFAULT_FOR_VIPS = (*_marked(FOR_VIPS, "~vip"), *_marked(OF_TEAMS, "~ola", metric=Metric.OLA))
# From which share of the time on everybody's tickets tell whom.
USUALLY_AT = {whom: each.step.percent for each in reversed(ORDINARY) for whom in each.tells}


def is_early(escalation: Escalation, whom: str) -> bool:
    """Say whether `whom` is told earlier than of an ordinary ticket."""
    step = escalation.step
    usual = USUALLY_AT[whom]
    return step.percent < usual or (step.percent == usual and step.offset_seconds < 0)


def highest(cycle: Cycle, steps: Sequence[Escalation]) -> tuple[Escalation, ...]:
    """Return of steps that a cycle has passed the last one, and all that fall with it."""
    placed = [(_place(cycle, each.step), each) for each in steps]
    last = max((place for place, _ in placed), default=None)
    return tuple(each for place, each in placed if place == last)


def _place(cycle: Cycle, step: Step) -> tuple[datetime, int]:
    """Return when a step was, and the seconds that it takes where a snapshot knows no better
    than that it was in some run that is over."""
    at = step_at(cycle, step) or cycle.started_at
    return at, share_of(cycle.terms, step) if at == cycle.ran_until else 0


def waits_until(
    escalation: Escalation,
    now: datetime,
    zone: ZoneInfo,
    hours: WorkingHours | None,
    *,
    wakes: bool,
) -> datetime:
    """Return when a person in `zone` may be told outside Nova: `now`, or when the desk or the
    day begins. `wakes` says that the ticket is worth a night's sleep."""
    if escalation.hours == StepHours.OPEN and hours:
        return _opening(now, hours)
    if escalation.hours == StepHours.WAKING and not wakes:
        return _morning(now, zone, escalation.quiet_until)
    return now


def _opening(now: datetime, hours: WorkingHours) -> datetime:
    """Return `now` if the desk is open, else when it opens next."""
    if hours.open_seconds(now, now + timedelta(seconds=1)):
        return now
    second = hours.advance(now, 1)  # the end of the first second that is open
    return second - timedelta(seconds=1) if second else now


def _morning(now: datetime, zone: ZoneInfo, quiet_until: time) -> datetime:
    local = now.astimezone(zone)
    if quiet_until <= local.time() < NIGHT:
        return now
    day = local.date() if local.time() < quiet_until else local.date() + DAY
    return max(now, datetime.combine(day, quiet_until, zone).astimezone(now.tzinfo))
