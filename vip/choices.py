"""The vocabulary of VIPs. Levels and sources are the platform's and the ticket's."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class DesignationState(TextChoices):
    """Where a designation stands at an instant; never stored."""

    UPCOMING = "upcoming", _("Upcoming")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Revoked")


class ReassessmentStatus(TextChoices):
    """How far it is with people who are brought in step."""

    WORKING = "working", _("At work")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")


class RecognitionState(TextChoices):
    """What became of that which Cosmo recognised."""

    PROPOSED = "proposed", _("Proposed")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AlertStep(IntegerChoices):
    """Whom an alert reaches: the desk at first, then the next in line while nobody answers."""

    DESK = 0, _("Desk")
    LEAD = 1, _("Team lead")
    HEAD = 2, _("Head of department")
    EVERYBODY = 3, _("Everybody who may know")
