"""What brings many people in step in the background, a portion at a time."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.portions import Job
from vip.choices import ReassessmentStatus
from vip.models.designations import Designation
from vip.models.ruling import VipRule


class ReassessmentQuerySet(models.QuerySet["Reassessment"]):
    """How Nova asks for reassessments."""

    def at_work(self) -> Self:
        return self.filter(status=ReassessmentStatus.WORKING)

    def for_list(self) -> Self:
        """Equip for a list or a page: all but the people, who may be thousands."""
        return self.defer("person_ids").select_related("author", "designation", "rule")


class Reassessment(Job):
    """That these people and their open tickets are to bear the level that they have by now.

    `person_ids` are in the order in which they are done, and `done` says how many of them are;
    `because` is what tickets and people are told as the cause.
    """

    person_ids = ArrayField(models.BigIntegerField())
    designation = models.ForeignKey(
        Designation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    rule = models.ForeignKey(VipRule, models.PROTECT, null=True, related_name="+", db_index=False)
    because = models.CharField(max_length=250)
    status = models.CharField(
        max_length=10, choices=ReassessmentStatus, default=ReassessmentStatus.WORKING
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    people_changed = models.PositiveIntegerField(default=0)
    tickets_changed = models.PositiveIntegerField(default=0)

    objects = ReassessmentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("reassessment")
        verbose_name_plural = gettext_lazy("reassessments")
        default_permissions = ()  # one permission per verb instead
        indexes = [  # what is to be done next
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(status=ReassessmentStatus.WORKING),
                name="reassessment_at_work",
            ),
        ]

    def __str__(self) -> str:
        return _("Reassessment %(number)s") % {"number": self.pk}

    @property
    def is_at_work(self) -> bool:
        return self.status == ReassessmentStatus.WORKING

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
