from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "nova.tenancy"
    verbose_name = _("Tenant")

    def ready(self) -> None:
        from nova.tenancy import checks  # noqa: F401
