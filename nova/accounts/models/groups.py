"""Groups of people, as the organisation's identity provider or an admin keeps them."""

from typing import Self

from django.db import models
from django.db.models import UniqueConstraint

from nova.accounts.models.people import User
from nova.tenancy.models import TenantOwned


class GroupQuerySet(models.QuerySet["Group"]):
    """How Nova asks for groups."""

    def visible_to(self, user: User) -> Self:
        """Keep the groups that `user` may read: those of the same tenant."""
        return self.filter(tenant=user.tenant_id)


class Group(TenantOwned):
    """A named set of people, such as the executives. Only `services` writes it.

    Neither a team, which works on tickets, nor a role, which says what people may do.
    """

    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    members = models.ManyToManyField(User, through="GroupMembership", related_name="member_of")

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["tenant", "name"], name="group_name_unique"),
            UniqueConstraint(fields=["tenant", "external_id"], name="group_external_id_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMembership(TenantOwned):
    """That a person is in a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [UniqueConstraint(fields=["group", "person"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"
