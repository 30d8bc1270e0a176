"""The vocabulary of service levels. Stored values never change; labels may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from sla import ledger


class Metric(TextChoices):
    """What a clock measures.

    The first three are promised to whom the ticket is for. An OLA is what a team promises the
    desk: it begins anew with each team that the ticket is handed to.
    """

    RESPONSE = "response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")
    OLA = "ola", _("Team's part (OLA)")


AT_OPENING = (Metric.RESPONSE, Metric.RESOLUTION)
PROMISED = (Metric.RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)


class VersionStatus(TextChoices):
    """The life of a version: written, in force, replaced."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ClockState(TextChoices):
    RUNNING = ledger.State.RUNNING, _("Running")
    PAUSED = ledger.State.PAUSED, _("Paused")
    STOPPED = ledger.State.STOPPED, _("Stopped")
    CANCELLED = ledger.State.CANCELLED, _("Cancelled")


class EntryKind(TextChoices):
    STARTED = ledger.Kind.STARTED, _("Started")
    PAUSED = ledger.Kind.PAUSED, _("Paused")
    RESUMED = ledger.Kind.RESUMED, _("Resumed")
    POLICY_SWITCHED = ledger.Kind.POLICY_SWITCHED, _("Policy switched")
    RECALCULATED = ledger.Kind.RECALCULATED, _("Recalculated")
    STOPPED = ledger.Kind.STOPPED, _("Stopped")
    BREACHED = ledger.Kind.BREACHED, _("Breached")
    CANCELLED = ledger.Kind.CANCELLED, _("Cancelled")
    REOPENED = ledger.Kind.REOPENED, _("Reopened")


class ReopenMode(TextChoices):
    CONTINUE = ledger.ReopenMode.CONTINUE, _("Continue: the time while resolved does not count")
    NEW_CYCLE = ledger.ReopenMode.NEW_CYCLE, _("A new cycle from zero")
    AS_IF_NEVER_STOPPED = ledger.ReopenMode.AS_IF_NEVER_STOPPED, _("As if never resolved")


class SwitchMode(TextChoices):
    RETROACTIVE = ledger.SwitchMode.RETROACTIVE, _("Keep the time that has been counted")
    RESTART = ledger.SwitchMode.RESTART, _("Begin to count anew")


class Method(TextChoices):
    """By what a ticket is foreseen."""

    RULE = "rule", _("Rule")
    MODEL = "model", _("Model")


class Whom(TextChoices):
    """Whom a step tells. The last three are the chain of an escalation."""

    ASSIGNEE = "assignee", _("Assignee")
    LEAD = "lead", _("Team lead")
    SENIOR = "senior", _("Senior engineer")
    HEAD = "head", _("Head of department")
    OPERATIONS = "operations", _("Operations manager")


class StepLevel(TextChoices):
    """For whose tickets a step is, by VIP level."""

    NONE = "none", _("Not a VIP")
    EXEC = VipLevel.EXEC.value, VipLevel.EXEC.label
    GOLD = VipLevel.GOLD.value, VipLevel.GOLD.label
    PRIORITY = VipLevel.PRIORITY.value, VipLevel.PRIORITY.label


class StepHours(TextChoices):
    """When people may be told outside Nova. In Nova itself they are told at once."""

    ANY = "any", _("At any hour")
    WAKING = "waking", _("Not at night, unless it is P1, P2 or a VIP's")
    OPEN = "open", _("Only in the working time of the calendar")


class Reassign(TextChoices):
    """Who gets the ticket, if its assignee has not touched it lately."""

    BACKUP = "backup", _("To the backup, or else the team lead")
    LEAD = "lead", _("To the team lead")


class RecalculationStatus(TextChoices):
    """The life of a recalculation: looked at, then done in the background, perhaps undone."""

    PREVIEWING = "previewing", _("Being previewed")
    PREVIEWED = "previewed", _("Previewed")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


WORKING = (RecalculationStatus.PREVIEWING, RecalculationStatus.APPLYING)
STOPPED_EARLY = (RecalculationStatus.FAILED, RecalculationStatus.CANCELLED)


class RecalculationScope(TextChoices):
    """Which running clocks a recalculation looks at."""

    ALL = "all", _("All running clocks")
    POLICIES = "policies", _("Chosen policies")
    CALENDAR = "calendar", _("A calendar")
    VIPS = "vips", _("Tickets of VIPs")
    UNDO = "undo", _("What another one changed")


# What somebody may ask for.
SCOPES_ASKED = [choice for choice in RecalculationScope.choices if choice[0] != "undo"]


class LineKind(TextChoices):
    """What a recalculation does to one clock."""

    LATER = "later", _("Due later")
    EARLIER = "earlier", _("Due earlier")
    BREACHED = "breached", _("Becomes breached")
    HEALED = "healed", _("No longer breached")
    SAME = "same", _("Other terms, same due time")
    LEFT_OUT = "left_out", _("Left out: changed in between")


MOVING = (LineKind.LATER, LineKind.EARLIER, LineKind.BREACHED, LineKind.HEALED)
