"""Imports of people and groups from files."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import ImportKind, ImportStatus, LineState
from nova.accounts.models.people import User
from nova.accounts.permissions import SEE_VIPS
from nova.portions import Job
from nova.tenancy.models import TenantOwned

IMPORT = "accounts.import_people"
AT_WORK = (ImportStatus.APPLYING, ImportStatus.UNDOING)
CHANGING = (ImportKind.NEW, ImportKind.CHANGED)


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    """How Nova asks for imports."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may read. Attributes may tell who is a VIP."""
        imports = self.filter(tenant=user.tenant_id)
        return imports if user.has_perm(SEE_VIPS) else imports.filter(tells_attributes=False)

    def at_work(self) -> Self:
        return self.filter(status__in=AT_WORK)


class PeopleImport(Job):
    """A file of people: what it would change when it was previewed, and did when it was applied.

    It is applied and undone by the right of `actor`, narrowed to `rights`: those that they had
    when they asked, for a key may do less than its person. Of the `to_do` lines that this takes,
    `done` are. `problem` says why it stopped.
    """

    file_name = models.CharField(max_length=150)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=15, choices=ImportStatus, default=ImportStatus.PREVIEWED)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    rights = ArrayField(models.CharField(max_length=100), default=list)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    to_do = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=250, blank=True)
    tells_attributes = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    # The groups that it made, by id, which go with it where nobody is in them.
    made_groups = models.JSONField(default=list)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")
        default_permissions = ()
        permissions = [("import_people", "Can import people and groups from files")]
        constraints = [
            UniqueConstraint(
                fields=["tenant"], condition=Q(status__in=AT_WORK), name="people_import_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK

    @property
    def has_stopped(self) -> bool:
        return self.status in {ImportStatus.APPLY_STOPPED, ImportStatus.UNDO_STOPPED}

    @property
    def may_apply(self) -> bool:
        """Whether it may be applied, from its first row on or from where it stopped."""
        is_fresh = self.status == ImportStatus.PREVIEWED and self.will_change > 0
        return is_fresh or self.status == ImportStatus.APPLY_STOPPED

    @property
    def may_undo(self) -> bool:
        """Whether it may be undone, wholly or from where that or the applying stopped."""
        return self.status == ImportStatus.APPLIED or self.has_stopped

    @property
    def will_change(self) -> int:
        """Return how many rows change something."""
        return sum(int(self.counts[kind]) for kind in CHANGING)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.to_do if self.to_do else 0


class PeopleImportLineQuerySet(models.QuerySet["PeopleImportLine"]):
    """How Nova asks for the rows of an import."""

    def to_apply(self) -> Self:
        """Keep what is still to be done: first who comes, so that they may be managers."""
        waiting = self.filter(kind__in=CHANGING, state__in=[LineState.WAITING, LineState.COME])
        return waiting.order_by("-state", "-kind", "pk")  # waiting before come, new before changed

    def to_undo(self) -> Self:
        """Keep what was done and may be undone: who came goes last."""
        done = self.filter(kind__in=CHANGING, state__in=[LineState.COME, LineState.DONE])
        return done.order_by("kind", "pk")

    def faulty(self) -> Self:
        """Keep those of which something could not be done, as the file has them."""
        return self.exclude(faults=[], omitted=[]).order_by("pk")


class PeopleImportLine(TenantOwned):
    """One row of a file, in the order of the file.

    It has the `line` where it begins, what it `said` by column, and what was wrong with its cells
    when they were `read`; its `kind`, `faults` as pairs of a column and a text, and `changes` by
    column, before and after, by which it is undone. Once applied it names the `person`. `omitted`
    what was not done, or not undone, and why. No event after `told` is the import's own.
    """

    batch = models.ForeignKey(PeopleImport, models.CASCADE, related_name="lines", db_index=False)
    line = models.PositiveIntegerField()
    said = models.JSONField()
    read = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=ImportKind)
    faults = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.WAITING)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    omitted = models.JSONField(default=list)
    told = models.BigIntegerField(null=True)

    objects = PeopleImportLineQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [  # pages of rows, and each portion
            models.Index(fields=["batch", "id"], name="people_import_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.line}"

    @property
    def is_begun(self) -> bool:
        """Whether something became of it already."""
        return self.state != LineState.WAITING

    def errors(self) -> list[dict[str, Any]]:
        """Return what is wrong with it, and what was not done, a cell each."""
        said = {"line": self.line, "email": self.said.get("email", "")}
        told = [*self.faults, *self.omitted]
        return [{**said, "column": column, "error": error} for column, error in told]
