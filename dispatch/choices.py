"""The stored vocabulary of assignment."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Weekday(IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ChangeKind(TextChoices):
    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick")
    TRAINING = "training", _("Training")
    HOURS = "hours", _("Other hours")


class Cause(TextChoices):
    """What a decision was asked for by."""

    OPENED = "opened", _("It was opened")
    MOVED_TEAM = "moved_team", _("It came to another team")
    ASKED = "asked", _("Somebody asked the engine")
    DRAINED = "drained", _("Somebody came who could have it")
    TAKEN_BACK = "taken_back", _("It was taken back")
    BALANCED = "balanced", _("The load was evened out")


class OverrideStatus(TextChoices):
    ASKED = "asked", _("Awaits approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MoveReason(TextChoices):
    """Why the balancer moves a ticket; the more urgent first."""

    LEFT = "left", _("Its holder has left")
    DRAINED = "drained", _("It waited")
    UNACKNOWLEDGED = "unacknowledged", _("Not acknowledged in time")
    OVER = "over", _("Its holder has too much")
    BALANCE = "balance", _("Balance")
