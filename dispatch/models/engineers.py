"""Engineers: people who take work, and what they know."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from dispatch.engine.facts import TOP_LEVEL
from nova.accounts.models import Service, Site
from nova.tenancy.models import TenantOwned

PERSON = settings.AUTH_USER_MODEL
MOST_POINTS = 10_000
LEVEL = (MinValueValidator(1), MaxValueValidator(TOP_LEVEL))


class Skill(TenantOwned):
    """Something that people know and work asks for, such as Cisco or payroll."""

    name = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="skill_name_unique")]

    def __str__(self) -> str:
        return self.name


class Certificate(TenantOwned):
    """A paper that somebody must have, and that may expire, such as for work at height."""

    name = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="certificate_name_unique")]

    def __str__(self) -> str:
        return self.name


class EngineerQuerySet(models.QuerySet["Engineer"]):
    """How Nova asks for engineers."""

    def at_work(self) -> Self:
        """Keep those who are given work at all."""
        return self.filter(takes_work=True, person__is_active=True)

    def with_known(self) -> Self:
        """Equip with what they know, where they serve and of which teams they are."""
        known = ("skills", "certificates", "sites", "person__teams")
        return self.select_related("person").prefetch_related(*known)


class Engineer(TenantOwned):
    """What a person brings who takes work.

    `capacity` is in points, of which an ordinary ticket in progress is 100. Without `sites` they
    serve all of them. `languages` are codes such as "de". `last_given_at` is when the engine gave
    them something.
    """

    person = models.OneToOneField(PERSON, models.CASCADE, related_name="engineer")
    takes_work = models.BooleanField(_("takes work"), default=True)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        default=1000,
        validators=[MaxValueValidator(MOST_POINTS)],
        help_text=_("In points: an ordinary ticket that is worked on is 100"),
    )
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    sites: models.ManyToManyField = models.ManyToManyField(
        Site, through="EngineerSite", blank=True, related_name="+"
    )
    is_for_vips = models.BooleanField(
        _("preferred for VIPs"), default=False, help_text=_("Is given VIPs' tickets before others")
    )

    last_given_at = models.DateTimeField(null=True, editable=False)

    objects = EngineerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_engineers", "Can see what engineers know, when they work and what they have"),
            ("manage_engineers", "Can manage engineers, their skills and their roster"),
            ("edit_own_engineer", "Can say of oneself what one knows and when one is on leave"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class EngineerSite(TenantOwned):
    """That an engineer serves a site."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["engineer", "site"], name="engineer_site_once")]

    def __str__(self) -> str:
        return str(self.site)


class EngineerSkill(TenantOwned):
    """That an engineer knows something, from 1 (a little) to 5 (teaches it)."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="skills", db_index=False)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(default=3, validators=LEVEL)

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(fields=["engineer", "skill"], name="engineer_skill_once"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=TOP_LEVEL), name="engineer_skill_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class EngineerCertificate(TenantOwned):
    """That an engineer has a paper, until the end of a day or for good."""

    engineer = models.ForeignKey(
        Engineer, models.CASCADE, related_name="certificates", db_index=False
    )
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="+")
    expires_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(fields=["engineer", "certificate"], name="engineer_certificate_once")
        ]

    def __str__(self) -> str:
        return str(self.certificate)

    def is_valid_on(self, day: date) -> bool:
        return self.expires_on is None or day <= self.expires_on


class Performance(TenantOwned):
    """How an engineer did in the tickets of a service that they resolved, as of `as_of`.

    Without `service`: in all of them. `quality` is per mille, drawn towards that of everybody
    where `resolved` is small; the other columns are what it is made of.
    """

    engineer = models.ForeignKey(
        Engineer, models.CASCADE, related_name="performances", db_index=False
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, related_name="+", db_index=False
    )
    as_of = models.DateTimeField()
    resolved = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    measured = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    stars = models.PositiveIntegerField(default=0)
    usual_seconds = models.PositiveIntegerField(default=0)
    quality = models.PositiveSmallIntegerField(default=500)

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(
                fields=["engineer", "service"], name="performance_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.quality}"
