"""How the steps of an escalation read."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import prefetch_related_objects
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.zones import UTC
from nova.hours import EPOCH
from nova.notifications.choices import Channel
from sla.choices import Metric, Reassign, StepHours, StepLevel, Whom
from sla.models import EscalationStep
from sla.rules import Step
from sla.steps import Escalation
from sla.words import Words

WHOLE = 100
WAYS = {
    Channel.IN_APP: gettext_lazy("in Nova"),
    Channel.EMAIL: gettext_lazy("by e-mail"),
    Channel.SLACK: gettext_lazy("in chats"),
}
POSTS = {"managers": gettext_lazy("Manager"), "leads": gettext_lazy("Lead"), **dict(Whom.choices)}


def moment_of(step: Step) -> str:
    """Return when a step is: at 90 %, or 30 min of working time before the due time."""
    share = {"percent": step.percent}
    if not step.offset_seconds:
        return _("at %(percent)s %%") % share
    span = Words(UTC, EPOCH, _).span(step.offset_seconds)
    span = _("%(span)s of working time") % {"span": span} if step.is_working_time else span
    before = step.offset_seconds < 0
    if step.percent == WHOLE:
        form = _("%(span)s before the due time") if before else _("%(span)s after the due time")
        return form % {"span": span}
    form = _("%(span)s before %(percent)s %%") if before else _("%(span)s after %(percent)s %%")
    return form % {"span": span, **share}


def said(escalation: Escalation, hooks: Mapping[int, str]) -> str:
    """Return a step as one sentence. `hooks` are names by id."""
    metric = Metric(escalation.metric).label.lower() if escalation.metric else ""
    of = _("of the %(metric)s") % {"metric": metric} if metric else ""
    levels = [str(StepLevel(level).label) for level in escalation.vip_levels]
    whose = _("(%(levels)s)") % {"levels": _listed(levels)} if levels else ""
    moment = " ".join(filter(None, [moment_of(escalation.step), of, whose]))
    does = "; ".join(_acts(escalation, hooks)) or _("nothing")
    return f"{moment}: {does}"


def lines_of(steps: Iterable[EscalationStep]) -> list[str]:
    """Return rows of steps as one sentence each."""
    rows = [*steps]
    prefetch_related_objects(rows, "posts_to", "calls")
    hooks = {hook.pk: hook.name for row in rows for hook in (row.posts_to, row.calls) if hook}
    return [said(row.escalation(), hooks) for row in rows]


def listed_posts(posts: Iterable[str]) -> str:
    """Return posts in words, as in: Senior engineer and Head of department."""
    return _listed([str(POSTS.get(post, post)) for post in posts])


def _acts(escalation: Escalation, hooks: Mapping[int, str]) -> Iterator[str]:
    if escalation.tells:
        yield _tells(escalation)
    if escalation.reassign_to == Reassign.BACKUP:
        yield _("reassign to the backup, or else to the team lead")
    if escalation.reassign_to == Reassign.LEAD:
        yield _("reassign to the team lead")
    if escalation.raises_priority:
        yield _("raise the priority")
    if escalation.opens_review:
        yield _("open a review")
    if escalation.posts_to:
        yield _("post to %(hook)s") % {"hook": hooks.get(escalation.posts_to, "?")}
    if escalation.calls:
        yield _("run %(hook)s") % {"hook": hooks.get(escalation.calls, "?")}


def _tells(escalation: Escalation) -> str:
    people = _listed([str(Whom(whom).label).lower() for whom in escalation.tells])
    ways = _listed([str(WAYS[Channel(way)]) for way in escalation.channels])
    told = _("tell the %(people)s %(ways)s") % {"people": people, "ways": ways}
    if escalation.hours == StepHours.OPEN:
        return told + _(", in working time")
    if escalation.hours == StepHours.WAKING:
        until = escalation.quiet_until.strftime("%H:%M")
        return told + _(", not at night (until %(until)s)") % {"until": until}
    return told


def _listed(words: list[str]) -> str:
    return str(get_text_list(words, _("and")))
