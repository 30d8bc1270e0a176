"""What takes longer than an answer may: mail about sign-in, imports of many people."""

from celery import shared_task
from django.utils import timezone

from nova.accounts import services


@shared_task(name="accounts.send_reset", ignore_result=True)
def send_reset(email: str) -> None:
    """After somebody asked for a new password: mail the link, if there is such a person.

    It is sent after the answer: how long that takes tells nobody who exists.
    """
    services.send_reset(email)


@shared_task(name="accounts.import_people", ignore_result=True)
def import_people(tenant_id: int) -> None:
    """By a nudge: apply or undo a file of people, portion by portion."""
    services.IMPORTING.run(tenant_id, timezone.now)


@shared_task(name="accounts.import_stalled", ignore_result=True)
def import_stalled() -> None:
    """Every few seconds, from beat: go on with what a worker left when it died."""
    services.IMPORTING.wake_stalled(timezone.now)
