"""Imports of people and groups from files."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import ImportKind
from nova.accounts.models.people import User
from nova.tenancy.models import TenantOwned

SEE_VIPS = "tickets.view_vip_flag"


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    """How Nova asks for imports."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may read. Attributes may tell who is a VIP."""
        imports = self.filter(tenant=user.tenant_id)
        return imports if user.has_perm(SEE_VIPS) else imports.filter(tells_attributes=False)


class PeopleImport(TenantOwned):
    """A file of people: what it would change when it was previewed, and did when it was applied.

    Each of `rows` has its `line`, what the file `said`, its `kind`, `faults` as pairs of a column
    and a text, and `changes` by column, before and after, by which it is undone. Since it was
    applied it names the `person`, since it was undone what was `left`, and why.
    """

    file_name = models.CharField(max_length=150)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    tells_attributes = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    # The groups that it made, by id, which go with it where nobody is in them.
    made_groups = models.JSONField(default=list)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")
        default_permissions = ()
        permissions = [("import_people", "Can import people and groups from files")]
        indexes = [models.Index(fields=["tenant", "-id"], name="people_import_list")]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    def rows_of(self, kind: str = "") -> list[dict[str, Any]]:
        """Return its rows, or those of one kind."""
        return [row for row in self.rows if not kind or row["kind"] == kind]

    @property
    def may_apply(self) -> bool:
        return self.applied_at is None and self.will_change > 0

    @property
    def may_undo(self) -> bool:
        return self.applied_at is not None and self.undone_at is None

    @property
    def will_change(self) -> int:
        """Return how many rows change something."""
        return int(self.counts[ImportKind.NEW] + self.counts[ImportKind.CHANGED])
