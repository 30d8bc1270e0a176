"""What work of a service or a category asks for."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from dispatch.engine.facts import TOP_LEVEL
from dispatch.models.engineers import LEVEL, Certificate, Skill
from nova.accounts.models import Service
from nova.tenancy.models import TenantOwned
from tickets.models import Category

ONE_OF = Q(service=None) ^ Q(category=None)


class SkillNeed(TenantOwned):
    """That work of a service or of a category must, or had better, be done with a skill."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="+")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="needs")
    level = models.PositiveSmallIntegerField(default=1, validators=LEVEL)
    is_mandatory = models.BooleanField(_("must have it"), default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF,
                name="skill_need_of_one",
                violation_error_message=_("Name a service or a category, one of them."),
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=TOP_LEVEL), name="skill_need_level"
            ),
            UniqueConstraint(
                fields=["service", "category", "skill"],
                name="skill_need_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class CertificateNeed(TenantOwned):
    """That work of a service, or of a category, is only for those who have a paper."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="+")
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="needs")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF,
                name="certificate_need_of_one",
                violation_error_message=_("Name a service or a category, one of them."),
            ),
            UniqueConstraint(
                fields=["service", "category", "certificate"],
                name="certificate_need_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.certificate)
