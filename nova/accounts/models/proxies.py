"""Who acts for whom: dated, scoped, and open to everybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import ProxyScope, ProxySource, ProxyState
from nova.accounts.models.people import User
from nova.tenancy.models import TenantOwned


class ProxyQuerySet(models.QuerySet["Proxy"]):
    """How Nova asks who acts for whom."""

    def visible_to(self, user: User) -> Self:
        """Keep what concerns `user`, as one or the other; all for those who manage proxies."""
        proxies = self.filter(tenant=user.tenant_id)
        if user.has_perm("accounts.manage_proxies"):
            return proxies
        return proxies.filter(Q(person=user) | Q(proxy=user))

    def standing(self, at: datetime) -> Self:
        """Keep what holds at an instant or will hold later."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), revoked_at=None)

    def in_force(self, at: datetime) -> Self:
        """Keep what holds at an instant: between two who are both active.

        `nova.accounts.identity` says the same where a request finds its person.
        """
        active = self.filter(person__is_active=True, proxy__is_active=True)
        return active.standing(at).filter(starts_at__lte=at)

    def with_scope(self, scope: str) -> Self:
        return self.filter(scopes__contains=[scope])

    def scopes_by_person(self) -> Mapping[int, frozenset[str]]:
        """Return by person what may be done in their name, over all that is kept of one proxy."""
        found: dict[int, frozenset[str]] = {}
        for person_id, scopes in self.values_list("person_id", "scopes"):
            found[person_id] = found.get(person_id, frozenset()) | frozenset(scopes)
        return found


class Proxy(TenantOwned):
    """That `proxy` may act for `person`, in what `scopes` name, from one instant to another.

    Everybody may have one: were it only for VIPs, having one would tell who is a VIP. It is not
    handed on: the proxy of a proxy is nothing. Dismissing keeps the row, because the audit needs
    it. Only `services` writes it.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="proxies", db_index=False)
    proxy = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=ProxyScope))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=ProxySource, default=ProxySource.MANUAL)
    reason = models.CharField(max_length=250, blank=True)
    author = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ProxyQuerySet.as_manager()

    class Meta:
        verbose_name = _("proxy")
        verbose_name_plural = _("proxies")
        default_permissions = ()  # one permission per verb instead
        permissions = [("manage_proxies", "Can say who acts for whom")]
        constraints = [
            models.CheckConstraint(name="proxy_is_another", condition=~Q(person=F("proxy"))),
            models.CheckConstraint(
                name="proxy_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(name="proxy_may_something", condition=~Q(scopes=[])),
        ]
        indexes = [
            # each request, for whoever makes it
            models.Index(fields=["proxy"], condition=Q(revoked_at=None), name="proxy_acting"),
            # a person's own page, and whom to tell of their tickets
            models.Index(fields=["person", "-created_at", "-id"], name="proxy_of_person"),
            # the list of all
            models.Index(fields=["tenant", "-created_at", "-id"], name="proxy_list"),
        ]

    def __str__(self) -> str:
        return _("%(proxy)s for %(person)s") % {"proxy": self.proxy, "person": self.person}

    def state(self, at: datetime) -> ProxyState:
        """Return whether it holds at an instant, by its dates."""
        if self.revoked_at and self.revoked_at <= at:
            return ProxyState.DISMISSED
        if self.ends_at and self.ends_at <= at:
            return ProxyState.ENDED
        return ProxyState.UPCOMING if self.starts_at > at else ProxyState.ACTIVE

    @property
    def scope_labels(self) -> list[str]:
        """Return in words what may be done, in the usual order."""
        return [str(scope.label) for scope in ProxyScope if scope in self.scopes]
