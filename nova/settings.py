"""Settings of every environment, from environment variables. The wiring tables come last."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from nova.dialect import REST_FRAMEWORK, SIMPLE_JWT, SPECTACULAR_SETTINGS  # noqa: F401
from nova.theme import UNFOLD  # noqa: F401  how Core looks

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
    "sla.fetch_feeds": {"priority": 9},
    "sla.recalculate": {"priority": 9},
    "sla.train_predictions": {"priority": 9},
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

# Wiring: the one place where the apps meet. Order is meaning, so it is written down.

TENANT_SEEDS = [
    "nova.accounts.seeds.seed_roles",
    "nova.accounts.system.seed_system",
    "tickets.seeds.seed_desk",
    "sla.seeds.seed_catalogue",
]
TICKET_INTAKE = [
    "tickets.intake.prioritise",
    "tickets.intake.place",
    "vip.intake.recognise",
    "sla.intake.promise",
]
EVENT_HANDLERS: dict[str, list[str]] = {
    "accounts.GroupMembershipChanged": ["nova.scim.handlers.follow_members"],
    "tickets.TicketOpened": ["sla.handlers.start_clocks"],
    "tickets.TicketMoved": ["sla.handlers.follow_stage"],
    "tickets.CommentAdded": ["sla.handlers.follow_reply"],
    "tickets.TicketEdited": ["sla.handlers.follow_edit"],
    "tickets.TicketAssigned": ["sla.handlers.follow_team"],
    "tickets.TicketMarked": ["sla.handlers.follow_vip", "sla.following.reopen_steps"],
    "tickets.TicketMerged": ["sla.handlers.cancel_merged"],
    "tickets.TicketDeleted": ["sla.handlers.pause_deleted"],
    "tickets.TicketRestored": ["sla.handlers.resume_restored"],
}
EVENT_CONSUMERS: dict[str, list[str]] = {
    "nova.live.consumers.tell": ["*"],
    "vip.consumers.apply_designation": ["vip.VipDesignated", "vip.VipRevoked"],
    "vip.consumers.follow_person": [
        *("accounts.PersonAdded", "accounts.PersonEdited", "accounts.PersonDeactivated"),
        *("accounts.PersonReactivated", "accounts.PersonDeparted"),
    ],
    "vip.consumers.follow_group": ["accounts.GroupMembershipChanged"],
    "vip.consumers.follow_group_name": ["accounts.GroupEdited"],
    "vip.consumers.end_group": ["accounts.GroupDeleted"],
    "vip.consumers.follow_records": ["accounts.RecordChanged"],
    "vip.consumers.follow_ticket": [
        *(f"tickets.Ticket{done}" for done in ("Edited", "Moved", "Restored")),
    ],
    "vip.consumers.recognise": ["tickets.TicketOpened", "tickets.CommentAdded"],
    "vip.consumers.end_recognitions": ["vip.VipLevelChanged"],
    "vip.answering.follow": [
        *(f"tickets.Ticket{fact}" for fact in ("Opened", "Marked", "Moved", "Assigned")),
        *("tickets.CommentAdded", "sla.ClockWarned", "sla.ClockBreached"),
    ],
    "vip.alerts.tell_unanswered": ["vip.VipAlertEscalated"],
    "vip.alerts.alert_desk": ["tickets.TicketOpened"],
    "vip.alerts.alert_marked": ["tickets.TicketMarked"],
    "vip.alerts.tell_reassessed": ["vip.PeopleReassessed"],
    "vip.alerts.tell_ending": ["vip.VipEnding"],
    "vip.alerts.tell_proposed": ["vip.VipRecognised"],
    "sla.foretelling.consumers.predict": [
        *(f"tickets.Ticket{done}" for done in ("Opened", "Moved", "Edited", "Assigned")),
        *("tickets.TicketDeleted", "tickets.TicketRestored", "sla.PolicySwitched"),
        *("sla.ClockWarned", "sla.ClockBreached"),
    ],
    "sla.foretelling.consumers.tell_likely": ["sla.RiskForeseen"],
    "sla.escalating.carry_out": [
        *("sla.ClockEscalated", "sla.VipClockEscalated", "sla.TicketEscalated"),
    ],
    "sla.consumers.tell_recalculated": ["sla.ClocksRecalculated"],
    "sla.consumers.weigh_risk": [
        "sla.RiskForeseen",
        "sla.ClockWarned",
        "sla.ClockBreached",
        "sla.PolicySwitched",
        "tickets.TicketMoved",
        "tickets.CommentAdded",
    ],
    "sla.calendar_news.tell_draft": ["sla.CalendarDrafted"],
    "sla.calendar_news.tell_published": ["sla.CalendarPublished"],
    "sla.calendar_news.tell_ended": ["sla.HolidaysEnded"],
    "tickets.consumers.follow_desk": ["accounts.RecordChanged"],
    "tickets.consumers.confirm_receipt": ["tickets.TicketOpened"],
    "tickets.consumers.pass_on_comment": ["tickets.CommentAdded"],
    "tickets.consumers.tell_stage": ["tickets.TicketMoved"],
    "tickets.consumers.tell_assignee": ["tickets.TicketAssigned"],
}
TICKET_SHAPE = ["sla.shape.add_clocks"]
# What a person's page in Core says beside what it asks: a sentence each, for that viewer.
PERSON_NOTES = ["vip.explaining.why_vip"]
TICKET_IMPORTED = ["sla.services.importing.clock_arrivals"]
# What apps show beside a ticket, and the permission without which nobody is told that it is there.
TICKET_PANELS = [("sla:panel", "sla.view_clock"), ("vip:panel", "tickets.view_vip_flag")]
# What apps add to the acts on a ticket: by its page, the menu of its row and the bar of many; the
# last part of its address on both, the permission it takes, and how it shows.
TICKET_ACTS: list[tuple[str, str, object, str, str]] = [
    ("escalate", "sla.escalate_ticket", _("Escalate"), "trending-up", "e"),
]
# What lists of notifications say beside alerts: who answered them, and where to answer.
ALERT_ANSWERS = ["vip.answers.answers_for"]
# What browsers may follow, who resolves it for a person, and which events concern whom.
LIVE_TOPICS: dict[str, str] = {
    "alerts": "nova.notifications.live.own_topic",
    "notifications": "nova.notifications.live.own_topic",
    "queue": "tickets.live.queue_topic",
    "ticket": "tickets.live.ticket_topic",
}
LIVE_SOURCES: dict[str, list[str]] = {
    "nova.notifications.live.sources": [
        "notifications.PeopleNotified",
        "notifications.AlertsSettled",
    ],
    "tickets.live.sources": ["*"],
}
LIVE_SEQUENCE_NEEDS = "tickets.view_ticket"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliver_due": {"task": "notifications.deliver_due", "schedule": 5.0},
    "catch_up": {"task": "events.catch_up", "schedule": 5.0},
    "sla_sweep": {"task": "sla.sweep", "schedule": 2.0},
    "sla_feeds": {"task": "sla.fetch_due_feeds", "schedule": 3600.0},
    "sla_holidays": {"task": "sla.note_ended_holidays", "schedule": 86400.0},
    "predict_stale": {"task": "sla.predict_stale", "schedule": 60.0},
    "train_predictions": {"task": "sla.train_predictions", "schedule": crontab(hour=2, minute=17)},
    "sla_recalculate": {"task": "sla.recalculate_stalled", "schedule": 5.0},
    "lift_waiting": {"task": "tickets.lift_waiting", "schedule": 60.0},
    "close_settled": {"task": "tickets.close_settled", "schedule": 600.0},
    "vip_apply_due": {"task": "vip.apply_due", "schedule": 60.0},
    "vip_remind": {"task": "vip.remind_of_ends", "schedule": 600.0},
    "vip_unanswered": {"task": "vip.escalate_unanswered", "schedule": 5.0},
    "vip_reassess": {"task": "vip.reassess_stalled", "schedule": 5.0},
    "prune_answers": {"task": "api.prune_answers", "schedule": 3600.0},
}

# Where the frame of every page leads, by what its templates call it.
FRAME_URLS = {
    "profile": "accounts:profile",
    "notifications": "notifications:list",
    "bell": "notifications:bell",
    "devices": "notifications:devices",
    "toasts": "notifications:alerts",
    "portal": "portal:home",
    "in_my_name": "portal:in_my_name",
    "search": "tickets:search",
    "sign_out": "accounts:sign_out",
}
RAIL: list[tuple[str, object, str, str, str]] = [
    ("pulse", _("Pulse"), "inbox", "tickets:pulse", "tickets.view_ticket"),
    ("analytics", _("Analytics"), "chart-column", "sla:compliance", "sla.view_reports"),
    ("vip", _("Cosmo"), "sparkles", "vip:recognitions", "vip.judge_recognitions"),
    ("core", _("Core"), "settings", "admin:index", "accounts.enter_core"),
]
# The pages of Analytics, the first of which the rail leads to, and all that each of them takes.
REPORTS: list[tuple[object, str, tuple[str, ...]]] = [
    (_("Service levels"), "sla:compliance", ("sla.view_reports",)),
    (_("VIPs"), "vip:heat_map", ("tickets.view_vip_flag", "vip.view_vip_reports")),
    (_("VIP handling"), "vip:handling", ("tickets.view_vip_flag", "vip.view_vip_reports")),
]
