"""People and service accounts, and the roles that say what they may do."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import PersonKind, RoleKey, VipLevel
from nova.accounts.models.organisation import Department, Floor, Organisation, Site
from nova.tenancy.models import TenantOwned

MOST_WORDS = 6


class Role(TenantOwned):
    """A named set of permissions within one tenant, one permission per verb.

    `permissions` holds names such as `tickets.resolve_ticket`. It is an array and not Django's
    groups, because those know no tenant and cost two queries more (docs/decisions/0002).
    """

    key = models.CharField(max_length=40, blank=True, choices=RoleKey)
    name = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="role_name_unique")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person. Without a password, nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class UserQuerySet(models.QuerySet["User"]):
    """How Nova asks for people."""

    def visible_to(self, user: "User") -> Self:
        """Keep whom `user` may read: those of the same tenant."""
        return self.filter(tenant=user.tenant_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def provisioned(self) -> Self:
        """Keep those whom an identity provider may see: people who have not departed."""
        return self.filter(kind=PersonKind.PERSON, departed_at=None)

    def named(self, user_name: str) -> Self:
        """Keep the one whom the identity provider calls so, in whatever case."""
        name = user_name.lower()
        return self.filter(Q(user_name=name) | Q(user_name=None, email=name))

    def who_sign_in(self) -> Self:
        """Keep people and service accounts, without the one in whose name Nova itself acts."""
        return self.exclude(kind=PersonKind.SYSTEM)

    def matching(self, text: str) -> Self:
        """Keep those in whose name, e-mail or title every word of `text` occurs."""
        people = self
        for word in text.split()[:MOST_WORDS]:
            people = people.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(title__icontains=word)
            )
        return people

    def may_stand_for(self, person: "User") -> Self:
        """Keep whom a person may let act for them: active people of their own organisation."""
        people = self.filter(tenant=person.tenant_id, organisation=person.organisation_id)
        return people.active().filter(kind=PersonKind.PERSON).exclude(pk=person.pk)

    def with_permission(self, *names: str) -> Self:
        """Keep those who hold one of these permissions through some role."""
        held = RoleGrant.objects.filter(
            person=models.OuterRef("pk"), role__permissions__overlap=list(names)
        )
        return self.active().filter(models.Exists(held))


class User(AbstractBaseUser, TenantOwned):
    """A person or a service account. Whoever acts in Nova is one of these.

    The e-mail names one person across all tenants, since at sign-in nothing else is known.
    `vip_level` is the effective level now, a projection that only the VIP app's services write.
    Until `away_until` the person is not there, and who `stands_in` is told instead.

    `attributes` is what an identity provider says beside the columns: a flat name to a boolean,
    number, text or list of texts, such as `{"isVIP": true, "costCenter": "4711"}`. `user_name`
    is that provider's name for the person where it is not the e-mail, in lower case. Who has
    departed was deleted by the provider; what they did stays theirs. `version` counts changes.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=PersonKind, default=PersonKind.PERSON)
    title = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people"
    )
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="people"
    )
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="people")
    floor = models.ForeignKey(Floor, models.SET_NULL, null=True, blank=True, related_name="people")
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    zone = models.CharField(max_length=64, default="UTC", help_text=_("IANA time zone"))
    vip_level = models.CharField(max_length=10, choices=VipLevel, blank=True, editable=False)
    away_until = models.DateTimeField(_("away until"), null=True, blank=True)
    stands_in = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("who stands in"),
        help_text=_("Is told instead while this person is away"),
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(editable=False, null=True)
    departed_at = models.DateTimeField(editable=False, null=True)
    # None and not "": what is unique and indexed has no value in common with those without it.
    user_name = models.CharField(max_length=254, null=True, editable=False)  # noqa: DJ001
    external_id = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001
    attributes = models.JSONField(default=dict, db_default={}, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    changed_at = models.DateTimeField(editable=False, null=True)
    roles = models.ManyToManyField(Role, through="RoleGrant", related_name="people")

    # How far the tenant's sequence had come when `nova.accounts.identity` found this person.
    as_of: int | None = None
    # What this person may do in the names of others, by their ids. `identity` finds it with the
    # permissions; whoever was read in another way stands for nobody.
    stands_for: Mapping[int, frozenset[str]] = MappingProxyType({})

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=Q(user_name=Lower("user_name")), name="user_user_name_lower"
            ),
            UniqueConstraint(fields=["tenant", "user_name"], name="user_user_name_unique"),
            UniqueConstraint(fields=["tenant", "external_id"], name="user_external_id_unique"),
        ]
        indexes = [  # pickers of people read a tenant's names in order
            models.Index(fields=["tenant", "name"], name="user_tenant_name"),
            # whom Cosmo looks for in texts
            models.Index(
                fields=["tenant", "vip_level"], condition=~Q(vip_level=""), name="user_vips"
            ),
        ]
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("enter_core", "Can enter Nova Core"),
            ("look_up_people", "Can look up people"),
            ("manage_people", "Can manage people"),
            ("provision_people", "Can provision people and groups as an identity provider"),
            ("manage_groups", "Can manage groups and who is in them"),
            ("manage_roles", "Can manage roles and who holds them"),
            ("manage_organisation", "Can manage departments, sites, services and teams"),
            ("make_keys", "Can make API keys of their own"),
            ("manage_keys", "Can manage API keys of everybody"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_vip(self) -> bool:
        return bool(self.vip_level)

    @property
    def is_staff(self) -> bool:
        """Say whether this person may enter Nova Core. Django's admin asks by this name."""
        return self.has_perm("accounts.enter_core")

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return the names of all that this person may do, from every role they hold."""
        return self.granted_permissions() if self.is_active else frozenset()

    def granted_permissions(self) -> frozenset[str]:
        """Return what the roles of this person allow, also while they are not active."""
        granted = self.roles.values_list("permissions", flat=True)
        return frozenset(name for names in granted for name in names)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return perm in self.permissions

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        return self.permissions.issuperset(perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.permissions)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class RoleGrant(TenantOwned):
    """That a person holds a role."""

    person = models.ForeignKey(User, models.CASCADE, related_name="grants", db_index=False)
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "role"], name="role_granted_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
