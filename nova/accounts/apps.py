from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    name = "nova.accounts"

    def ready(self) -> None:
        from nova.accounts import checks  # noqa: F401


class CoreAdminConfig(admin.AdminConfig):
    """Django's admin, as Nova Core."""

    default = False
    default_site = "nova.accounts.core.CoreSite"
