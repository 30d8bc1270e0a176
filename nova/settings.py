"""Settings of every environment, from environment variables. Where apps meet is `wiring`."""

from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from django.utils.translation import gettext_lazy as _

from nova.dialect import REST_FRAMEWORK, SIMPLE_JWT, SPECTACULAR_SETTINGS  # noqa: F401
from nova.theme import UNFOLD  # noqa: F401  how Core looks
from nova.wiring import *  # noqa: F403 - its tables are settings, too

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("NOVA_DEBUG", False)
DEMO = env.bool("NOVA_DEMO", False)
SECRET_KEY = env("NOVA_SECRET_KEY")
HOME = Path(env("NOVA_HOME", default=str(BASE_DIR / ".nova")))
ALLOWED_HOSTS = env.list("NOVA_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("NOVA_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env("NOVA_PUBLIC_URL", default="http://127.0.0.1:8000")
BEHIND_TLS = env.bool("NOVA_TLS", False)
# How many proxies in front of us tell the truth in X-Forwarded-For.
PROXIES = env.int("NOVA_PROXIES", 0)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # without a site of its own: Core is ours
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "nova.accounts.apps.CoreAdminConfig",
    "channels",
    "django_celery_beat",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "lucide",
    "nova.tenancy",
    "nova.events",
    "nova.accounts",
    "nova.api",
    "nova.web",
    "nova.live",
    "nova.notifications",
    "nova.analytics",
    "nova.scim",
    "tickets",
    "sla",
    "vip",
    "stardust",
    "dispatch",
    "nova.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nova.web.middleware.HealthMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "nova.api.middleware.RateLimitMiddleware",
    "nova.web.middleware.FenceMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nova.web.middleware.RefusedMiddleware",
    "nova.web.middleware.ZoneMiddleware",
    "nova.notifications.middleware.DeviceMiddleware",
]
ROOT_URLCONF = "nova.urls"
ASGI_APPLICATION = "nova.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nova.web.frame.frame",
            ]
        },
    }
]

# Data. A web thread keeps its connection; the fence is transaction-local, so a kept connection
# carries nothing from one request to the next. Postgres keeps the plans of what is asked again
# and again (docs/decisions/0031); a pooler in front of it that cannot must be told.
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL"),
        "ENGINE": "nova.postgres",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5 if env.bool("NOVA_PREPARED", True) else None,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL")


def redis_database(number: int) -> str:
    """Return REDIS_URL pointing at another logical database of the same server."""
    return urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{number}"))


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(3),
    },
    # Parts of pages that many see alike, drawn once per process: they name no person.
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
# Marks that help and may be lost: limits, nudges, who is looking at what.
VOLATILE_URL = redis_database(4)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 closes a socket that is idle for five seconds unless told otherwise.
        "CONFIG": {"hosts": [{"address": redis_database(1), "socket_timeout": None}]},
    }
}
# How soon a socket notices that its person signed out or may no longer follow a topic.
LIVE_RECHECK_SECONDS = 30.0
CELERY_BROKER_URL = redis_database(2)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False  # a mail on the console is no warning
# Such a task can be acknowledged no more, and will be delivered again.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
# The smallest goes first. What may take minutes waits for everything else.
CELERY_TASK_ROUTES = {
    "sla.sweep": {"priority": 0},
    "dispatch.ask_attendance": {"priority": 6},
    "sla.fetch_feeds": {"priority": 9},
    "sla.recalculate": {"priority": 9},
    "accounts.import_people": {"priority": 9},
    "sla.train_predictions": {"priority": 9},
    "dispatch.train_routing": {"priority": 9},
    "*": {"priority": 3},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = env("NOVA_STATIC_ROOT", default=str(HOME / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# People and their sessions.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["nova.accounts.backends.EmailBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "name", "title"]},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS

# The browser's side of safety.
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long queue may be selected whole

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["nova.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# Hooks may lead into our own network, and over plain http: for development and tests.
OUTBOUND_ANYWHERE = env.bool("NOVA_OUTBOUND_ANYWHERE", DEBUG)
# Or only into these networks, such as 10.1.2.0/24.
OUTBOUND_NETWORKS = [ip_network(each) for each in env.list("NOVA_OUTBOUND_NETWORKS", default=[])]
DEFAULT_FROM_EMAIL = env("NOVA_FROM_EMAIL", default="Nova <nova@localhost>")
PUSH_CONTACT = env("NOVA_PUSH_CONTACT", default=f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")

# What goes wrong in a request is said where the server runs; Django alone would only mail it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        # A client's mistake is the client's to read, and strangers try any host.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# How many requests in how many seconds.
API_LIMITS = {
    "person": (env.int("NOVA_PERSON_LIMIT", 1200), 60),
    "key": (env.int("NOVA_KEY_LIMIT", 1200), 60),
}
SILENCED_SYSTEM_CHECKS: list[str] = []
