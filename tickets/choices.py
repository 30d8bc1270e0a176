"""The vocabulary of tickets. Stored values never change; labels may."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    INCIDENT = "incident", _("Incident")
    REQUEST = "request", _("Service request")
    PROBLEM = "problem", _("Problem")
    CHANGE = "change", _("Change")


class TicketType(TextChoices):
    INTERNAL = "internal", _("Internal")
    CUSTOMER = "customer", _("Customer")


class Level(TextChoices):
    """How wide (impact) or how pressing (urgency)."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Priority(IntegerChoices):
    P1 = 1, _("P1 Critical")
    P2 = 2, _("P2 High")
    P3 = 3, _("P3 Moderate")
    P4 = 4, _("P4 Low")
    P5 = 5, _("P5 Planning")


class Status(TextChoices):
    NEW = "new", _("New")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    DIAGNOSING = "diagnosing", _("Diagnosing")
    IN_PROGRESS = "in_progress", _("In progress")
    AWAITING_CUSTOMER = "awaiting_customer", _("Awaiting customer")
    AWAITING_DEPENDENCY = "awaiting_dependency", _("Awaiting dependency")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


class Module(TextChoices):
    IT = "it", _("IT")
    OPS = "ops", _("Operations")
    FACILITIES = "facilities", _("Facilities")
    HR = "hr", _("HR")


class Source(TextChoices):
    PORTAL = "portal", _("Portal")
    EMAIL = "email", _("E-mail")
    API = "api", _("API")
    ERP = "erp", _("ERP")
    CRM = "crm", _("CRM")
    MOBILE = "mobile", _("Mobile")
    MONITOR = "monitor", _("Monitoring")


class VipSource(TextChoices):
    MANUAL = "manual", _("Manual")
    SCIM = "scim", _("Identity provider")
    API = "api", _("API")
    COSMO = "cosmo", _("Cosmo")
    RULE = "rule", _("Rule")


class SlaState(TextChoices):
    """What the ticket's most pressing clock says; what queues are filtered by."""

    NONE = "", _("No clock")
    RUNNING = "running", _("Running")
    AT_RISK = "at_risk", _("At risk")
    BREACHED = "breached", _("Breached")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")


class ScorePart(TextChoices):
    """The kinds of parts that a ticket's place in the queue is the sum of."""

    VIP = "vip", _("VIP")
    RISK = "risk", _("Risk")
    FAIRNESS = "fairness", _("Fairness")


class ResolutionCode(TextChoices):
    """How a need was met. Imported tickets may bear other codes."""

    SOLVED = "solved", _("Solved")
    WORKAROUND = "workaround", _("Solved by a workaround")
    NOT_FOUND = "not_found", _("Could not be reproduced")
    NO_FAULT = "no_fault", _("No fault, explained")
    DUPLICATE = "duplicate", _("Duplicate of another ticket")
    WITHDRAWN = "withdrawn", _("Withdrawn by the requester")


class Score(IntegerChoices):
    """How it was, to the requester. Four and five count as satisfied."""

    BAD = 1, _("Bad")
    POOR = 2, _("Poor")
    FAIR = 3, _("Fair")
    GOOD = 4, _("Good")
    EXCELLENT = 5, _("Excellent")


class FieldType(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("Choice")
