"""The vocabulary of Stardust. Stored values never change; labels may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What an entry of the ledger records."""

    EARNED = "earned", _("Earned")
    TAKEN_BACK = "taken_back", _("Taken back")
