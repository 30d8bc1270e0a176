"""The Celery application: every app's `tasks`, configured by nova/settings.py. Wiring."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nova.settings")
app = Celery("nova")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


# By now all that tasks need is loaded, and the pool forks next: memory that no collector walks
# through stays shared by its processes. Beat and the web have no such pool.
@worker_init.connect
def freeze(**_: Any) -> None:
    gc.collect()
    gc.freeze()
