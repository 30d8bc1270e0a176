"""The ledger of Stardust, who takes no part, and what a tenant has settled about it."""

from dataclasses import fields
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import User
from nova.accounts.permissions import SEE_VIPS
from nova.events.models import EventRecord
from nova.tenancy.models import TenantOwned
from stardust.choices import EntryKind
from stardust.rules import Rules
from tickets.models import Ticket

PERSON = settings.AUTH_USER_MODEL
MOST = 1000


class EntryQuerySet(models.QuerySet["Entry"]):
    """How Nova asks for entries."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may know of, whosever it is: without the right no bonus, in no sum."""
        found = self.filter(tenant=user.tenant_id)
        return found if user.has_perm(SEE_VIPS) else found.filter(is_bonus=False)

    def of_those_who_take_part(self) -> Self:
        return self.exclude(Exists(OptOut.objects.standing().filter(person=OuterRef("person"))))


class Entry(TenantOwned):
    """Points that a person earned or lost by a ticket. Append-only, at the database too.

    `fact` is the event by which: that the ticket was resolved, or reopened. `day` is the
    person's own day of it. A bonus is a row of its own, since to see it is to know that the
    ticket is a VIP's. What is taken back names the entry, of which it is the negative.
    """

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", db_index=False)
    fact = models.ForeignKey(EventRecord, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=EntryKind)
    is_bonus = models.BooleanField(default=False)
    points = models.SmallIntegerField()
    words = models.CharField(max_length=250)
    takes_back = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="counters", db_index=False
    )
    day = models.DateField()
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("view_own", "Can see their own Stardust"),
            ("view_team", "Can see the Stardust of everybody who takes part"),
            ("manage_rules", "Can arrange what brings Stardust"),
        ]
        constraints = [
            # a fact that is told twice counts once
            UniqueConstraint(fields=["tenant", "fact", "kind", "is_bonus"], name="stardust_once"),
            UniqueConstraint(fields=["takes_back"], name="stardust_taken_back_once"),
            CheckConstraint(
                name="stardust_signs",
                condition=Q(kind=EntryKind.EARNED, takes_back=None, points__gte=0)
                | Q(kind=EntryKind.TAKEN_BACK, takes_back__isnull=False, points__lt=0),
            ),
        ]
        indexes = [
            # one's own list, and what one has earned on a day
            models.Index(fields=["person", "-id"], name="stardust_of_person"),
            models.Index(fields=["person", "day"], name="stardust_of_day"),
            # the sums of a team
            models.Index(fields=["tenant", "day"], name="stardust_by_day"),
            # what a reopening takes back
            models.Index(fields=["ticket"], name="stardust_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"


class OptOutQuerySet(models.QuerySet["OptOut"]):
    """How Nova asks who takes no part."""

    def standing(self) -> Self:
        return self.filter(until=None)


class OptOut(TenantOwned):
    """That a person takes no part: what they resolve meanwhile earns nothing, read when it may.

    While it stands, no list names them; `until` is when they took part again.
    """

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="stardust_opted_out_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


def _points(label: Any, default: int, **options: Any) -> models.PositiveSmallIntegerField:
    validators = [MaxValueValidator(MOST)]
    return models.PositiveSmallIntegerField(
        label, default=default, validators=validators, **options
    )


class StardustSettings(TenantOwned):
    """What a tenant has settled about Stardust. Without a row, the first values hold."""

    is_on = models.BooleanField(
        _("Stardust is on"),
        default=True,
        help_text=_("Off, nobody earns any, and there is no page and no link"),
    )
    left_75 = _points(_("with 75 % of the time left"), Rules.left_75)
    left_50 = _points(_("with 50 % left"), Rules.left_50)
    left_25 = _points(_("with 25 % left"), Rules.left_25)
    in_time = _points(_("in time"), Rules.in_time)
    p1 = _points(_("more for a P1"), Rules.p1)
    p2 = _points(_("more for a P2"), Rules.p2)
    problem = _points(_("more for a problem"), Rules.problem)
    daily_limit = _points(
        _("limit of a day"), Rules.daily_limit, help_text=_("For each person; 0: no limit")
    )
    exec = _points(_("bonus for an Exec"), Rules.exec)
    gold = _points(_("bonus for a Gold"), Rules.gold)
    priority = _points(_("bonus for a Priority"), Rules.priority)
    bonus_from_percent = models.PositiveSmallIntegerField(
        _("bonus from"),
        default=Rules.bonus_from_percent,
        validators=[MaxValueValidator(100)],
        help_text=_("So many percent of the time must be left"),
    )
    bonus_daily_limit = _points(
        _("limit of bonuses a day"),
        Rules.bonus_daily_limit,
        help_text=_("For each person, beside the other limit; 0: no limit"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("Stardust settings")
        default_permissions = ()
        constraints = [
            UniqueConstraint(fields=["tenant"], name="stardust_settings_once"),
            CheckConstraint(
                name="stardust_sooner_is_better",
                condition=Q(
                    left_75__gte=F("left_50"), left_50__gte=F("left_25"), left_25__gte=F("in_time")
                ),
                violation_error_message=_("More time left brings no less than less time left."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Stardust settings"))

    @property
    def rules(self) -> Rules:
        return Rules(**{field.name: getattr(self, field.name) for field in fields(Rules)})
