"""The vocabulary of people. Stored values never change; labels may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PersonKind(TextChoices):
    PERSON = "person", _("Person")
    SERVICE = "service", _("Service account")
    SYSTEM = "system", _("Nova itself")


class VipLevel(TextChoices):
    """The levels of VIP, strongest first. Defined here, as people and tickets bear them alike."""

    EXEC = "exec", _("Exec")
    GOLD = "gold", _("Gold")
    PRIORITY = "priority", _("Priority")


class ProxyScope(TextChoices):
    """What one may do in another's name."""

    SUBMIT = "submit", _("Report")
    VIEW = "view", _("See reports")
    REPLY = "reply", _("Answer and confirm")
    APPROVE = "approve", _("Approve")


class ProxySource(TextChoices):
    """By which way it was decided that somebody acts for another."""

    MANUAL = "manual", _("Manual")
    SCIM = "scim", _("SCIM")
    API = "api", _("API")


class ProxyState(TextChoices):
    """Where it stands at an instant; never stored."""

    UPCOMING = "upcoming", _("Upcoming")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    DISMISSED = "dismissed", _("Dismissed")


class RoleKey(TextChoices):
    ADMIN = "admin", _("Admin")
    LEAD = "lead", _("Lead")
    TECHNICIAN = "technician", _("Technician")
    FIELD_ENGINEER = "field_engineer", _("Field engineer")
    MANAGER = "manager", _("Manager")
    EXECUTIVE = "executive", _("Executive")
    REQUESTER = "requester", _("Requester")
    INTEGRATION = "integration", _("Integration")


class ImportKind(TextChoices):
    """What a row of a file comes to."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Same")
    ERROR = "error", _("Error")


class ImportStatus(TextChoices):
    """The life of an import: looked at, applied in the background, perhaps undone there."""

    PREVIEWED = "previewed", _("Previewed")
    APPLYING = "applying", _("Being applied")
    APPLY_STOPPED = "apply_stopped", _("Stopped while it was applied")
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being undone")
    UNDO_STOPPED = "undo_stopped", _("Stopped while it was undone")
    UNDONE = "undone", _("Undone")


class LineState(TextChoices):
    """How far it is with one row of an import that changes somebody."""

    WAITING = "waiting", _("Waits")
    COME = "come", _("Came; the manager comes later")
    DONE = "done", _("Done")
    LEFT_OUT = "left_out", _("Left out")
    UNDONE = "undone", _("Undone")
