"""Words kept ready for replies and notes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Team, TeamMembership, User
from nova.tenancy.models import TenantOwned


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """How Nova asks for words kept ready."""

    def usable_by(self, user: User) -> Self:
        """Keep what `user` may insert: their own, those of their teams, those of the desk."""
        mine = TeamMembership.objects.filter(team=OuterRef("team"), person=user)
        everybodys = Q(person=None, team=None)
        kept = self.filter(everybodys | Q(person=user) | Exists(mine), tenant=user.tenant_id)
        return kept.filter(is_active=True).order_by("title", "pk")


class ReplyTemplate(TenantOwned):
    """Words for the whole desk, for one team, or for one person. Core writes it.

    Names in braces, such as {requester}, are filled in for the ticket at hand (`rules.filled`).
    """

    title = models.CharField(max_length=80)
    body = models.TextField(
        max_length=10_000,
        help_text=_("Markdown. Filled in: {requester}, {reference}, {title}, {me}"),
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    is_active = models.BooleanField(default=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        constraints = [
            CheckConstraint(
                condition=Q(team=None) | Q(person=None), name="reply_template_for_one"
            ),
        ]
        indexes = [  # the editor's menu
            models.Index(fields=["tenant", "title"], name="reply_template_list"),
        ]

    def __str__(self) -> str:
        return self.title
