"""How the API speaks: the settings of what it is built with."""

from datetime import timedelta

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "nova.accounts.authentication.ApiKeyAuthentication",
        "nova.accounts.authentication.TokenAuthentication",
        "nova.accounts.authentication.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["nova.api.permissions.VerbPermission"],
    "DEFAULT_RENDERER_CLASSES": ["nova.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["nova.api.parsers.StrictJsonParser"],
    "DEFAULT_PAGINATION_CLASS": "nova.api.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_THROTTLE_CLASSES": ["nova.api.throttles.Limits"],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "nova.api.schema.NovaSchema",
    "EXCEPTION_HANDLER": "nova.api.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
_CHOICES = ("Kind", "TicketType", "Level", "Priority", "Status", "Module", "Source", "VipSource")
SPECTACULAR_SETTINGS = {
    "TITLE": "Nova",
    "DESCRIPTION": "The service desk's API. Errors are RFC 9457 problem+json.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,  # what a viewer may not know is absent
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "NotificationKindEnum": "nova.notifications.choices.Kind",
        "VipLevelEnum": "nova.accounts.choices.VipLevel",
        **{f"{name}Enum": f"tickets.choices.{name}" for name in _CHOICES},
    },
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
}
