from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StardustConfig(AppConfig):
    name = "stardust"
    verbose_name = _("Stardust")
