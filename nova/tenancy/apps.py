from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "nova.tenancy"

    def ready(self) -> None:
        from nova.tenancy import checks  # noqa: F401
