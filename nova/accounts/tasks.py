"""Mail about sign-in, sent after the answer: how long it takes tells nobody who exists."""

from celery import shared_task

from nova.accounts import services


@shared_task(name="accounts.send_reset", ignore_result=True)
def send_reset(email: str) -> None:
    """After somebody asked for a new password: mail the link, if there is such a person."""
    services.send_reset(email)
