"""What people are told: one row for each message to each recipient over each channel."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.notifications.choices import ALERTS, Channel, HookForm, Kind, State
from nova.tenancy.models import TenantOwned

WAITING = Q(state__in=[State.PENDING, State.FAILED])
UNREAD = Q(channel=Channel.IN_APP, read_at=None)


class SlackHook(TenantOwned):
    """An address of a Slack-compatible chat, such as that of #vip-alerts, and what it hears.

    One with `levels` is for the tickets of VIPs of these levels, and hears of nothing else.

    One whose `form` is a workflow hears what is posted to it by name: JSON, signed with its
    secret. URL and secret are kept sealed (`nova.accounts.sealing`).
    """

    name = models.CharField(max_length=80)
    form = models.CharField(max_length=10, choices=HookForm, default=HookForm.CHAT)
    sealed_url = models.TextField(editable=False)
    sealed_secret = models.TextField(editable=False, blank=True)
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), default=list, blank=True)
    levels = ArrayField(
        models.CharField(max_length=10, choices=VipLevel), default=list, db_default=[], blank=True
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="hook_name_unique")]

    def __str__(self) -> str:
        return self.name


class PushKey(TenantOwned):
    """The key pair by which push services know an organisation's Nova (VAPID, RFC 8292).

    It is made once, at the first need, and outlives restarts: devices are bound to it. The
    private key is kept sealed.
    """

    public = models.CharField(max_length=100)
    sealed_private = models.TextField(editable=False)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["tenant"], name="push_key_once")]

    def __str__(self) -> str:
        return self.public


class PushSubscription(TenantOwned):
    """A browser in which a person is told of alerts, while no page of Nova is open, too.

    Whoever knows its address and keys can tell it something, so they are kept sealed; `digest`
    is the address's, by which a browser that comes again is known. Only `devices` writes it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    sealed = models.TextField(editable=False)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["tenant", "digest"], name="push_device_once")]

    def __str__(self) -> str:
        return self.label


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """How Nova asks for notifications."""

    def visible_to(self, user: User) -> Self:
        """Keep what a person is told in Nova itself: their own, and what they may know still."""
        theirs = self.filter(tenant=user.tenant_id, recipient=user, channel=Channel.IN_APP)
        return theirs.filter(needs__in=["", *user.permissions])

    def unread(self) -> Self:
        return self.filter(UNREAD)

    def alerts(self) -> Self:
        return self.filter(kind__in=ALERTS)


class Delivery(TenantOwned):
    """One message to one recipient over one channel. `key` makes it one, however often told.

    An in-app message is sent when it is written. The others wait until `next_attempt_at`, which
    is also the lease of the worker that is at it. What goes to a workflow is JSON, in `text`.
    A person who no longer holds the permission that it `needs` neither gets nor sees it.
    Only `services` writes it.
    """

    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NEWS)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    address = models.EmailField(blank=True)
    hook = models.ForeignKey(SlackHook, models.CASCADE, null=True, related_name="+")
    subscription = models.ForeignKey(
        PushSubscription, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    record = models.ForeignKey(
        EventRecord, models.PROTECT, null=True, related_name="+", db_index=False
    )
    template = models.CharField(max_length=100)
    needs = models.CharField(max_length=100, blank=True, db_default="")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    key = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("deliveries")
        permissions = [("manage_deliveries", "Can manage deliveries and where they go")]
        constraints = [UniqueConstraint(fields=["tenant", "key"], name="delivery_once")]
        indexes = [
            # the worker that sends what is due
            models.Index(
                fields=["tenant", "next_attempt_at"], condition=WAITING, name="delivery_due"
            ),
            # the bell's count, and toasts
            models.Index(fields=["recipient", "-id"], condition=UNREAD, name="delivery_unread"),
            # the list
            models.Index(
                fields=["recipient", "-id"],
                condition=Q(channel=Channel.IN_APP),
                name="delivery_of_person",
            ),
            # a device that goes leaves what it was told
            models.Index(
                fields=["subscription"],
                condition=Q(subscription__isnull=False),
                name="delivery_of_device",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
