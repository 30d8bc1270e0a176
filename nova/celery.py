"""The Celery application: every app's `tasks`, configured by nova/settings.py. Wiring."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nova.settings")
app = Celery("nova")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
