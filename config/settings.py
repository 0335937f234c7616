"""Every setting of the installation, in one file; each value that may differ between machines comes from the environment.

`dev.py` sets the environment for the demo and the tests; `docs/operate.md` lists the variables.
"""

import hashlib
import re
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.logging import logging_config

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("MANYHANDS_DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()

# --- The installation -----------------------------------------------------------------------------------------------
MODE = env.str("MANYHANDS_MODE", default="demo")  # demo · test · production
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"MANYHANDS_MODE is {MODE!r}; it must be demo, test or production.")
DEBUG = env.bool("MANYHANDS_DEBUG", default=False)
SITE_NAME = env.str("MANYHANDS_SITE_NAME", default="Manyhands")
BASE_URL = env.str("MANYHANDS_BASE_URL", default="http://localhost:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")


def secret_key() -> str:
    """The signing key: from the environment; in the demo and the tests derived from the data directory."""
    key: str = env.str("MANYHANDS_SECRET_KEY", default="")
    if key:
        return key
    if MODE == "production":
        raise ImproperlyConfigured(
            "Set MANYHANDS_SECRET_KEY to a long random value (keep it: signatures and sealed secrets depend on it)."
        )
    return hashlib.sha256(f"manyhands-{MODE}-{DATA_DIR}".encode()).hexdigest()


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("MANYHANDS_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list(
    "MANYHANDS_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "workforce",
    "annotation",
    "quality",
    "config",
]

MIDDLEWARE = [
    "config.logging.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.lane.WorkspaceLane",  # what stands below is for pages
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

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
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "config.shell.shell",
            ],
        },
    }
]

FORM_RENDERER = "config.forms.Renderer"

# --- PostgreSQL -----------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="postgresql:///manyhands")
# 0 = no pool: for Celery workers, which close it after each task. Tests share one with the server that they start.
POOL_SIZE = env.int("MANYHANDS_POOL", default=12 if MODE == "test" else 4)
STATEMENT_TIMEOUT_MS = env.int("MANYHANDS_STATEMENT_TIMEOUT_MS", default=10_000)


def database() -> dict[str, object]:
    """Django's database entry from DATABASE_URL; a Unix socket is written `postgresql://user@/name?host=/directory`."""
    parsed = environ.Env.db_url_config(DATABASE_URL)
    options = dict(parsed.get("OPTIONS", {}))
    host = options.pop("host", None) or parsed.get("HOST", "")
    options["options"] = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
        f" -c timezone=UTC -c jit=off"
    )
    if POOL_SIZE:
        # a short reconnect_timeout: after a crash of the server the pool must not sit out long pauses between its attempts
        options["pool"] = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 5, "reconnect_timeout": 2}
    return {**parsed, "ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey: wakes things up, decides nothing -----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")


def celery_url(url: str) -> str:
    """The same address as Celery spells it: sockets are `redis+socket:///path?virtual_host=0`."""
    socket = re.fullmatch(r"unix://(?P<path>/[^?]*)(?:\?db=(?P<db>\d+))?", url)
    return f"redis+socket://{socket['path']}?virtual_host={socket['db'] or 0}" if socket else url


CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            "IGNORE_EXCEPTIONS": True,
        },
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL}]},
    }
}
CELERY_BROKER_URL = celery_url(REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 20_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- People, sign-in ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workforce.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # unique without regard to case, by constraint
    "security.W002",  # frames are refused by the content security policy
    "security.W005",  # whether other hosts of the domain speak https is not ours to say
    "security.W008",  # the proxy redirects to https; health is asked for by http
    "security.W021",  # nor is preloading
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":  # slow on purpose is slow for nothing here
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"  # the start page knows where each person belongs
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "workforce.web.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"workforce.web.account_forms.{form}"
    for name, form in {
        "login": "Login",
        "signup": "SignUp",
        "add_email": "AddEmail",
        "change_email": "ChangeEmail",
        "change_password": "ChangePassword",
        "set_password": "SetPassword",
        "reset_password": "ResetPassword",
        "reset_password_from_key": "ResetPasswordFromKey",
        "reauthenticate": "Reauthenticate",
        "confirm_email_verification_code": "ConfirmEmail",
    }.items()
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# By code: the person stays in the window in which they signed up, whatever device their mail is on.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# In the demo everybody comes from one address: the people of the simulation, and the one who watches.
ACCOUNT_RATE_LIMITS = {} if MODE == "production" else {"login": "600/m/ip", "signup": "600/m/ip"}
MFA_FORMS = {
    name: f"workforce.web.account_forms.{form}"
    for name, form in {
        "authenticate": "Authenticate",
        "reauthenticate": "ReauthenticateByCode",
        "activate_totp": "ActivateTOTP",
        "add_webauthn": "AddPasskey",
        "edit_webauthn": "EditPasskey",
    }.items()
}
MFA_ADAPTER = "workforce.web.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # the code of the half minute before counts too: typing takes time (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
# `__Host-` names and Secure need https; the demo speaks plain http on localhost and uses plain names.
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Headers --------------------------------------------------------------------------------------------------------
WS_ORIGIN = re.sub(r"^http", "ws", BASE_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        # 'self' covers websockets of the same origin in every current browser; the explicit origin serves older ones.
        "connect-src": [SELF, WS_ORIGIN],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": "/csp/",
    }
}

# --- Languages, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]  # as their readers call them
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]  # made by .ci/messages.py
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("MANYHANDS_STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.str("MANYHANDS_MEDIA_ROOT", default=str(DATA_DIR / "media")))
MEDIA_LINK_AGE_S = 300
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test" or DEBUG
        else "config.staticfiles.Storage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("MANYHANDS_EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
if MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("MANYHANDS_FROM_EMAIL", default="Manyhands <no-reply@localhost>")

# Webhooks go to public hosts only; the receivers of the demo and the tests run on this machine.
PRIVATE_TARGETS = env.bool("MANYHANDS_PRIVATE_TARGETS", default=MODE != "production")

# --- The customer API -----------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "COMPACT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Manyhands API",
    "DESCRIPTION": "Human work by API call: post tasks, get answers with confidence and provenance.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING = logging_config(
    as_json=env.bool("MANYHANDS_LOG_JSON", default=MODE == "production"),
    level=env.str("MANYHANDS_LOG_LEVEL", default="INFO"),
)
