"""Nova's platform. Loads Celery's application, so that whoever sends a task knows the broker."""

from nova.celery import app as celery_app

__all__ = ["celery_app"]
