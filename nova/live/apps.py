from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "nova.live"
