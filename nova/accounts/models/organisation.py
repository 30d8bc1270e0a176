"""The organisation around a person: where they sit, whom they belong to, what they use."""

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.tenancy.models import TenantOwned


class Organisation(TenantOwned):
    """A customer or a partner to whom people belong who are not of the house."""

    name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["tenant", "name"], name="organisation_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Region(TenantOwned):
    """A part of the world by which work and reports are divided."""

    name = models.CharField(max_length=100)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="region_name_unique")]

    def __str__(self) -> str:
        return self.name


class Site(TenantOwned):
    """A place where people work. `zone` is its IANA time zone.

    Its operations manager is the third step of an escalation.
    """

    name = models.CharField(max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="sites")
    zone = models.CharField(max_length=64, default="UTC")
    operations_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="site_name_unique")]

    def __str__(self) -> str:
        return self.name


class Floor(TenantOwned):
    """A floor of a site, such as the eleventh of the headquarters."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="floors", db_index=False)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [UniqueConstraint(fields=["site", "name"], name="floor_name_unique")]

    def __str__(self) -> str:
        return f"{self.site} {self.name}"


class Department(TenantOwned):
    """A unit of the organisation. Its head is the second step of an escalation."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="department_name_unique")]

    def __str__(self) -> str:
        return self.name


class Team(TenantOwned):
    """A group of technicians who share work. Its lead answers for it.

    Its senior engineer is the first step of an escalation.
    """

    name = models.CharField(max_length=100)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    senior = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("senior engineer"),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TeamMembership", related_name="teams"
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="team_name_unique")]

    def __str__(self) -> str:
        return self.name


class TeamMembership(TenantOwned):
    """That a person works in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["team", "person"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Service(TenantOwned):
    """Something that people use and that can fail, such as payroll or the video wall."""

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="services")

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="service_name_unique")]

    def __str__(self) -> str:
        return self.name
