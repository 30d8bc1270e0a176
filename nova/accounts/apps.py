from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "nova.accounts"
    verbose_name = _("People and organisation")

    def ready(self) -> None:
        from nova.accounts import checks  # noqa: F401


class CoreAdminConfig(admin.AdminConfig):
    """Django's admin, as Nova Core."""

    default = False
    default_site = "nova.accounts.core.CoreSite"
