"""Settings, all of them from the environment; the defaults run the whole product on one machine."""

import os
import secrets
from contextlib import suppress
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from babel import Locale
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from common.logs.configuration import configure_logs, logging_config
from karla_portal.audited import AUDITED_MODELS
from karla_portal.embedded import environment
from karla_portal.embedded.services import broker_url, cache_url, postgres_url

BASE_DIR = environment.PROJECT
IS_CHECKOUT = environment.IS_CHECKOUT
ASSETS_DIR = BASE_DIR if IS_CHECKOUT else BASE_DIR / "karla_portal" / "assets"
"""Where templates, static files and samples lie, which are no part of a Python package."""
DATA_DIR = environment.data_dir()
PORT = int(os.environ.get("PORT") or 8000)


def _own_secret_key() -> str:
    """Made once per data folder, so that sessions outlive a restart."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        draft = DATA_DIR / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


MOST_MONTHS_KEPT = 600
LEAST_MONTHS_KEPT = 4
"""Replays reach back 30 days, and campaigns are judged by what followed within 90."""


def _months_kept(name: str) -> int | None:
    """None: for good."""
    said = os.environ.get(name, "").strip()
    if not said:
        return None
    if not said.isdecimal() or not LEAST_MONTHS_KEPT <= int(said) <= MOST_MONTHS_KEPT:
        raise ImproperlyConfigured(
            f"{name} is {said!r}. It is a number of months, {LEAST_MONTHS_KEPT} at least and "
            f"{MOST_MONTHS_KEPT} at most; left empty, everything is kept."
        )
    return int(said)


# What the operator says

BASE_URL = (os.environ.get("BASE_URL") or f"http://localhost:{PORT}").rstrip("/")
"""Where people reach the product. https:// turns on everything that needs it (HSTS, cookies)."""
SECRET_KEY = os.environ.get("SECRET_KEY") or _own_secret_key()
ENCRYPTION_KEYS = os.environ.get("ENCRYPTION_KEYS", "").split() or [SECRET_KEY]
"""Long random texts, newest first, under which stored secrets are encrypted (common.encryption)."""
DEBUG = environment.is_on("DEBUG")
ALLOWED_HOSTS = [
    *{urlsplit(BASE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"},
    *os.environ.get("ALLOWED_HOSTS", "").replace(",", " ").split(),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)
"""How many proxies of ours a request passes; so many entries of X-Forwarded-For are believed."""

CARRIER_SERVERS = dict(
    entry.split("=", 1) for entry in os.environ.get("CARRIER_SERVERS", "").split() if "=" in entry
)
"""Where to ask a carrier instead of at its own address, as “ups=https://…”: a recording proxy."""

OTEL_EXPORTER_OTLP_ENDPOINT = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
"""Where spans go (karla_portal.telemetry); none are made without it."""

# Services

SESSION_DEFAULTS = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "timezone": "UTC",
    # One plan for all shops: a plan of its own for a shop that the statistics do not know yet
    # expects next to no rows of it, and takes minutes when there are thousands.
    "plan_cache_mode": "force_generic_plan",
    # Starting workers takes longer than any request does.
    "max_parallel_workers_per_gather": "0",
}
"""Of each session; a pool gives them to its own (deploy/pgbouncer/pgbouncer.ini)."""
NOTICED_WHEN_GONE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A database that is silently gone is noticed within half a minute, not within hours."""
EVENTS_KEPT_MONTHS = _months_kept("EVENTS_KEPT_MONTHS")
PAGE_ACTIONS_KEPT_MONTHS = _months_kept("PAGE_ACTIONS_KEPT_MONTHS")
"""For how long after its order; both are removed by the month."""
DATABASE_SESSION_URL = os.environ.get("DATABASE_SESSION_URL", "")
"""PostgreSQL itself, where `DATABASE_URL` is PgBouncer in transaction mode (docs/scaling.md)."""


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = {
        **dj_database_url.parse(
            url, engine="common.postgresql", conn_max_age=None, conn_health_checks=True
        )
    }
    database.setdefault("OPTIONS", {}).update(NOTICED_WHEN_GONE)
    return database


def _own_sessions(url: str) -> dict[str, Any]:
    database = _database(url)
    database["OPTIONS"].update(
        {
            "options": " ".join(f"-c {name}={value}" for name, value in SESSION_DEFAULTS.items()),
            "prepare_threshold": 1,  # where a cursor asks for it: common.statements
        }
    )
    return database


def _pooled(url: str) -> dict[str, Any]:
    """Two statements may reach two sessions: nothing is kept in one beyond its transaction."""
    database = _database(url)
    database["OPTIONS"]["prepare_threshold"] = None
    database["DISABLE_SERVER_SIDE_CURSORS"] = True
    return database


def _replica(url: str) -> dict[str, Any]:
    """Of a caller whose replica does not answer, the primary is asked soon."""
    database = _pooled(url) if DATABASE_SESSION_URL else _own_sessions(url)
    database["OPTIONS"]["connect_timeout"] = 2
    return database | {"TEST": {"MIRROR": "default"}}


DATABASE_URL = os.environ.get("DATABASE_URL") or postgres_url(DATA_DIR)
DATABASE_REPLICA_URLS = os.environ.get("DATABASE_REPLICA_URL", "").split()
"""Streaming replicas for requests that only read (common.replicas); pools, where the primary has
one."""
DATABASES = (
    {
        "default": _pooled(DATABASE_URL),
        "session": _own_sessions(DATABASE_SESSION_URL)
        | {"CONN_MAX_AGE": 0, "TEST": {"MIRROR": "default"}},
    }
    if DATABASE_SESSION_URL
    else {"default": _own_sessions(DATABASE_URL)}
) | {f"replica{number}": _replica(url) for number, url in enumerate(DATABASE_REPLICA_URLS, start=1)}
DATABASE_ROUTERS = ["common.replicas.router.ReplicaRouter"] if DATABASE_REPLICA_URLS else []
TASK_CLASS = (
    "karla_portal.telemetry.task:SpanTask"
    if OTEL_EXPORTER_OTLP_ENDPOINT
    else "karla_portal.traced_task:TracedTask"
)
WORKER_CONCURRENCY = int(os.environ.get("WORKER_CONCURRENCY") or environment.cores())
"""Tasks at once in each worker."""
BROKER_URL = os.environ.get("BROKER_URL") or broker_url(DATA_DIR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("CACHE_URL") or cache_url(DATA_DIR),
    }
}

# The application

INSTALLED_APPS = [
    "common",
    "shops",
    "privacy",
    "events",
    "jobs",
    "orders",
    "shipments",
    "shipments.feeds",
    "engagement",
    "claims",
    "campaigns",
    "intake",
    "notices",
    "webhooks",
    "analytics",
    "portal",
    "portal.sheets",
    "tracking",
    "seeding",
    "doctor",
    "karla_portal.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]
MIDDLEWARE = [
    "common.browser_policy.BrowserPolicyMiddleware",
    "common.probes.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.measuring.MeasuringMiddleware",
    "common.middleware.RequestIDMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "common.pages.PagesFromHere",
    "common.pages.CompressionMiddleware",
    "common.middleware.PagePolicyMiddleware",
    "common.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "common.session_age.SessionAgeMiddleware",
    "common.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.audit.PeopleAuditMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.wrong_method.WrongMethodMiddleware",
    "portal.visits.middleware.VisitMiddleware",
]
if DATABASE_REPLICA_URLS:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("common.middleware.RequestIDMiddleware") + 1,
        "common.replicas.middleware.ReplicaMiddleware",
    )
if OTEL_EXPORTER_OTLP_ENDPOINT:
    INSTALLED_APPS.append("karla_portal.telemetry.apps.TelemetryConfig")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("common.middleware.RequestIDMiddleware") + 1,
        "karla_portal.telemetry.middleware.SpanMiddleware",
    )
ROOT_URLCONF = "karla_portal.urls"
WSGI_APPLICATION = "karla_portal.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ASSETS_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
LANGUAGE_CODE = "en"
LANGUAGES = [
    (path.stem, Locale.parse(path.stem).get_display_name(path.stem) or path.stem)
    for path in sorted((BASE_DIR / "shipments" / "catalogue" / "texts").glob("*.toml"))
]
"""Those in which carriers' events have their texts: what customers read most (common.texts)."""
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "UTC"
USE_TZ = True

# People

AUTH_USER_MODEL = "shops.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.login.PasswordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "portal.password_rules.UnlikePersonValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "portal:login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "portal.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
"""People hear of a password or a second factor that was changed, should it not have been them."""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_ADAPTER = "portal.people.adapters.SecondFactorAdapter"
USERSESSIONS_ADAPTER = "portal.people.adapters.SessionsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""Who is here was invited by mail, or let in by the operator."""
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BASE_URL.startswith("https://")
STAFF_NEED_SECOND_FACTOR = environment.is_on(
    "STAFF_NEED_SECOND_FACTOR", default=BASE_URL.startswith("https://")
)
"""Whether the back office opens only to who has set one up; so it is wherever https:// is."""
MEMBERS_NEED_SECOND_FACTOR = environment.is_on("MEMBERS_NEED_SECOND_FACTOR")
"""Whether a shop's pages, too, open only to who has set one up."""
ADMIN_PATH = (os.environ.get("ADMIN_PATH") or "admin").strip("/")
"""Where the back office is."""
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours: five wrong passwords for one account from one address lock the two out for 15 minutes."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "portal.login.answer_lockout"
AXES_USERNAME_CALLABLE = "portal.login.typed_username"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "common.addresses.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# Security

IS_HTTPS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:  # browsers take such names only over TLS, for this host alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_MOST_AGE = 30 * 24 * 3600
"""Seconds: so long after it was begun, a session that is in use ends all the same."""
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "https:", "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
"""The back office's form of an order with 500 lines."""

# Static files: our own, and what packages bring (the typeface, htmx, the admin's)

STATIC_URL = "/static/"
STATIC_ROOT = environment.static_dir()
STATICFILES_DIRS = [ASSETS_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "karla_portal.webfont.WebFontFinder",
]
MEDIA_BUCKET = os.environ.get("MEDIA_BUCKET", "")
"""An S3 bucket for what people upload, which stays private; without one, a folder of DATA_DIR."""
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA_BUCKET,
            "endpoint_url": os.environ.get("MEDIA_ENDPOINT") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    if MEDIA_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "media",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "karla_portal.static_files.CompressedStaticFiles"},
}

# The API

API_RATE_LIMIT = int(os.environ.get("API_RATE_LIMIT") or 60_000)
"""Requests a minute for each API key."""
REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_AUTHENTICATION_CLASSES": (),
    "DEFAULT_PERMISSION_CLASSES": (),
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

# E-mail: to a server if one is named, else into a file each: a log is no place for them

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "common.mail_files.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mails"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    os.environ.get("EMAIL_FROM") or f"noreply@{urlsplit(BASE_URL).hostname or 'localhost'}"
)

# Webhooks

WEBHOOK_ALLOWED_NETWORKS = [
    ip_network(network)
    for network in os.environ.get("WEBHOOK_ALLOWED_NETWORKS", "").replace(",", " ").split()
]
"""Networks that webhooks may reach although they are not public, and without TLS."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Post-purchase API",
    "DESCRIPTION": "Orders, shipments, and what happens to them: the public Karla API's wire.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": r"/v1/shops/\{slug\}",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [
        "common.api.openapi.require_bodies",
        "common.api.openapi.name_headers",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

# The audit of edits by people: who changed what, with the old and the new values

AUDITLOG_INCLUDE_TRACKING_MODELS = AUDITED_MODELS
AUDITLOG_CID_GETTER = "common.audit.current_request_id"

# Metrics

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
"""Opens /metrics, as “Authorization: Bearer …”; without one it is closed."""
METRICS_PORT = int(os.environ.get("METRICS_PORT") or 0)
"""Where workers and senders answer Prometheus themselves; 0: they do not."""
HOST = environment.host()
METRICS_DIR = environment.metrics_dir()
"""What this machine's processes have counted since the product was started."""

# Logs (docs/logs.md)

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()
LOG_REQUESTS = environment.is_on("LOG_REQUESTS", default=True)
"""Whether each request is a line; those that failed on our side always are."""
LOGGING = logging_config(level=LOG_LEVEL, is_development=DEBUG)
configure_logs()
