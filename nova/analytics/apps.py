from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AnalyticsConfig(AppConfig):
    name = "nova.analytics"

    def ready(self) -> None:
        autodiscover_modules("metrics")
