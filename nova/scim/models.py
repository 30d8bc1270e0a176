"""Which teams and roles come with a group, and what that gave to whom."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Group, Role, Team, User
from nova.tenancy.models import TenantOwned


class GroupMapping(TenantOwned):
    """That whoever is in a group works in a team, or holds a role. It names one of them."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="mappings", db_index=False)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("mapping of a group")
        verbose_name_plural = _("mappings of groups")
        constraints = [
            UniqueConstraint(fields=["group", "team"], name="mapping_team_once"),
            UniqueConstraint(fields=["group", "role"], name="mapping_role_once"),
            models.CheckConstraint(
                condition=Q(team=None) ^ Q(role=None), name="mapping_names_one"
            ),
        ]
        permissions = [("map_groups", "Can let groups bring teams and roles")]

    def __str__(self) -> str:
        return f"{self.group} → {self.team or self.role}"


class Given(TenantOwned):
    """That a mapping gave a person what they did not have before, and may take it back."""

    mapping = models.ForeignKey(GroupMapping, models.CASCADE, related_name="given", db_index=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["mapping", "person"], name="given_once")]

    def __str__(self) -> str:
        return f"{self.mapping}: {self.person}"
