"""The rows on an engineer's page of Core: what they know, and when they work."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.admin.catalogue import ENGINEERS
from dispatch.models import EngineerCertificate, EngineerSkill, RosterChange, Shift
from dispatch.services import RosterRefused
from dispatch.services.roster import refuse_clash, refuse_overlap, refuse_senseless
from nova.accounts.core import CoreInline


class StatedRows(BaseInlineFormSet):
    """Rows that are stated all at once."""

    @property
    def stated(self) -> list[dict[str, Any]]:
        """Return what is in each row that stays."""
        gone = self.deleted_forms
        kept = [form for form in self.forms if form not in gone and not _is_empty(form)]
        return [{**form.cleaned_data, "row": form.instance} for form in kept]


def _is_empty(form: Any) -> bool:
    return form.empty_permitted and not form.has_changed()


class WeekRows(StatedRows):
    """The shifts of a week, of which no two overlap."""

    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            _as_error(refuse_clash, [row["row"] for row in self.stated])


class DayRows(StatedRows):
    """Changed days: those that there are stay as they are or go, and others come."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        for row in self.stated:
            if row["row"].pk is None:
                _as_error(refuse_senseless, row["row"])
                if self.instance.pk:
                    _as_error(refuse_overlap, row["row"])


def _as_error(rule: Any, asked: Any) -> None:
    try:
        rule(asked)
    except RosterRefused as refused:
        raise ValidationError(str(refused)) from refused


class SkillInline(CoreInline):
    model = EngineerSkill
    permission = ENGINEERS
    formset = StatedRows
    fields = ["skill", "level"]
    autocomplete_fields = ["skill"]
    verbose_name = _("skill")
    verbose_name_plural = _("skills, from 1 (a little) to 5 (teaches it)")


class CertificateInline(CoreInline):
    model = EngineerCertificate
    permission = ENGINEERS
    formset = StatedRows
    fields = ["certificate", "expires_on"]
    autocomplete_fields = ["certificate"]
    verbose_name = _("certificate")
    verbose_name_plural = _("certificates, until the end of a day or for good")


class ShiftInline(CoreInline):
    model = Shift
    permission = ENGINEERS
    formset = WeekRows
    fields = ["weekday", "opens", "closes"]
    verbose_name = _("shift")
    verbose_name_plural = _("the week, in the engineer's time zone")


class ChangeInline(CoreInline):
    """Days to come. What is over stays on record, and is not here."""

    model = RosterChange
    permission = ENGINEERS
    formset = DayRows
    fields = ["kind", "first", "last", "opens", "closes", "reason"]
    verbose_name = _("change")
    verbose_name_plural = _("days on which it is otherwise")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RosterChange]:
        return super().get_queryset(request).filter(last__gte=timezone.now().date())
