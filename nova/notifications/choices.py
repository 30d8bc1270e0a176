"""The vocabulary of notifications. Stored values never change; labels may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    IN_APP = "in_app", _("In Nova")
    EMAIL = "email", _("E-mail")
    SLACK = "slack", _("Slack")
    WORKFLOW = "workflow", _("Workflow")
    PUSH = "push", _("Device")


class State(TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    DEAD = "dead", _("Given up")


class Kind(TextChoices):
    """What a notification is about; alerts also appear at once, as toasts."""

    NEWS = "news", _("News")
    VIP = "vip", _("VIP ticket")
    RISK = "risk", _("Breach warning")
    BREACH = "breach", _("Breach")


class HookForm(TextChoices):
    """What is posted to a hook: words for people, or facts for a program."""

    CHAT = "chat", _("Chat (Slack-compatible)")
    WORKFLOW = "workflow", _("Workflow (signed JSON)")


ALERTS = (Kind.VIP, Kind.RISK, Kind.BREACH)
