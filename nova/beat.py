"""The settings of beat: those of Nova, without all that only those need who do what it sends.

Beat reads a table of schedules and names tasks; it never loads one. That is half its memory.
"""

from nova.settings import *  # noqa: F403 - every other setting is the same

INSTALLED_APPS = ["django.contrib.contenttypes", "django_celery_beat"]
MIDDLEWARE = []
ROOT_URLCONF = "nova.beat"
urlpatterns: list[object] = []  # it answers nobody
