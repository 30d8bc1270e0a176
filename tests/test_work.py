"""What beat sends and the worker takes up: the names, the order, and how little beat needs."""

import os
import subprocess
import sys

import pytest
from celery import current_app
from django.conf import settings

QUEUE = "tests.work"


def test_beat_sends_only_tasks_that_are_there():
    current_app.loader.import_default_modules()

    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert sent <= set(current_app.tasks)
    assert set(settings.CELERY_TASK_ROUTES) - {"*"} <= set(current_app.tasks)


@pytest.fixture
def waiting():
    """Return the tasks of a queue of our own, as a worker would take them up."""
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue(QUEUE)
        yield lambda: [queue.get(block=False).headers["task"] for _ in range(queue.qsize())]
        queue.clear()
        queue.close()


def test_the_sweep_goes_before_what_waits_longer(waiting):
    for name in ("sla.recalculate", "events.consume", "notifications.deliver_due", "sla.sweep"):
        current_app.send_task(name, queue=QUEUE)

    assert waiting() == [
        "sla.sweep",
        "events.consume",
        "notifications.deliver_due",
        "sla.recalculate",
    ]


def test_beat_starts_without_the_apps_whose_tasks_it_sends():
    program = (
        "import sys, django; django.setup(); from nova.celery import app; "
        "app.loader.import_default_modules(); "
        "from django_celery_beat.schedulers import DatabaseScheduler; "
        "print([name for name in ('tickets', 'sla', 'rest_framework') if name in sys.modules])"
    )
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "nova.beat"}

    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], env=told, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
