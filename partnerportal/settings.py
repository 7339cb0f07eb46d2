"""All configuration, read once from the environment by django-environ. Owns every setting; imports no app.

Each variable is described in .env.example. In local mode (`make demo`, the tests) the launcher writes
the services' addresses and made-up secrets to DATA_DIR/local.env, which is read here when no address of
a database is given; elsewhere a missing one is refused (portal.E001).
"""

from __future__ import annotations

import sys
from pathlib import Path

import environ

from partnerportal.kernel import owner
from partnerportal.kernel.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
LOCAL_ENV = DATA_DIR / "local.env"
LOCAL = LOCAL_ENV.exists() and not (
    env.str("DATABASE_URL", default="") or env.str("SERVICE_DATABASE_URL", default="")
)
if LOCAL:
    environ.Env.read_env(str(LOCAL_ENV))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])
SSN_FINGERPRINT_KEY = env.str("SSN_FINGERPRINT_KEY", default="")
INBOX_HEALTH_API_KEY = env.str("INBOX_HEALTH_API_KEY", default="")  # the demo's service key
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")  # of the staff user `demo`; only beside a sandbox

INBOX_HEALTH_BASE_URL = env.str("INBOX_HEALTH_BASE_URL", default="http://127.0.0.1:8001/partner/v2").rstrip(
    "/"
)
INBOX_HEALTH_ENVIRONMENT = env.str("INBOX_HEALTH_ENVIRONMENT", default="")
INBOX_HEALTH_AUTH_SCHEME = env.str("INBOX_HEALTH_AUTH_SCHEME", default="basic")
INBOX_HEALTH_RATE = env.float("INBOX_HEALTH_RATE", default=10.0)
INBOX_HEALTH_BURST = env.int("INBOX_HEALTH_BURST", default=100)
INBOX_HEALTH_DEADLINE = env.float("INBOX_HEALTH_DEADLINE", default=30.0)

# Delivery, in seconds. D: how long after a send the remote may still process it (law 3).
DELIVERY_UNKNOWN_DELAY = env.float("DELIVERY_UNKNOWN_DELAY", default=120.0)
DELIVERY_LEASE = env.float("DELIVERY_LEASE", default=90.0)
DELIVERY_SWEEP_SECONDS = env.float("DELIVERY_SWEEP_SECONDS", default=10.0)
DELIVERY_PROBE_SECONDS = env.float("DELIVERY_PROBE_SECONDS", default=30.0)
DELIVERY_SENDERS = env.int("DELIVERY_SENDERS", default=4)
# Reading what is there: each PULL_SECONDS the newest, and so many pages of each list's rest.
PULL_SECONDS = env.float("PULL_SECONDS", default=15 * 60.0)
PULL_SLICE_PAGES = env.int("PULL_SLICE_PAGES", default=10)

# The checkpoint outside the database (audit.checkpoint), in seconds: how often it is compared and moved on,
# and how long sending goes on without a comparison.
CHECKPOINT_URL = env.str("CHECKPOINT_URL", default=(DATA_DIR / "checkpoint.json").as_uri() if LOCAL else "")
CHECKPOINT_SECONDS = env.float("CHECKPOINT_SECONDS", default=5.0)
CHECKPOINT_LEASE = env.float("CHECKPOINT_LEASE", default=60.0)

# Webhooks, in seconds: how often what is registered there is compared, and how long an event may take
# that a push of our own must cause, before it is late; after half as long again it is missing.
WEBHOOK_CHECK_SECONDS = env.float("WEBHOOK_CHECK_SECONDS", default=900.0)
WEBHOOK_SILENCE_SECONDS = env.float("WEBHOOK_SILENCE_SECONDS", default=600.0)

# Files in: uploads lie encrypted in the database, and go after so many days.
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=7)
EXPORT_KEEP_DAYS = env.int("EXPORT_KEEP_DAYS", default=7)  # files out, likewise

# DATABASE_URL is the owner's, for the commands in kernel/owner.py; all else connects as the services' role.
DATABASE_URL = env.str("DATABASE_URL", default="")
SERVICE_DATABASE_URL = env.str("SERVICE_DATABASE_URL", default="")
DATABASE_ADDRESS = owner.address_of(owner.command_of(sys.argv))
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
DATABASES = {
    "default": {
        **(
            env.db_url(DATABASE_ADDRESS)
            if env.str(DATABASE_ADDRESS, default="")
            else {"ENGINE": "django.db.backends.postgresql"}
        ),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "partnerportal.console",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_celery_beat",
    "partnerportal.kernel",
    "partnerportal.audit",
    "partnerportal.jobs",
    "partnerportal.accounts",
    "partnerportal.records",
    "partnerportal.delivery",
    "partnerportal.webhooks",
    "partnerportal.sync",
    "partnerportal.explorer",
]

MIDDLEWARE = [
    "partnerportal.kernel.middleware.CorrelationMiddleware",
    "partnerportal.webhooks.views.Door",  # before all that makes a page: no session, no cookie
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "partnerportal.accounts.middleware.StaffMiddleware",
    "partnerportal.console.access.AccessMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "partnerportal.urls"
WSGI_APPLICATION = "partnerportal.wsgi.application"
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
                "partnerportal.console.context.frame",
            ],
        },
    }
]

# --- Signing in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "partnerportal.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_FORMS = {
    "login": "partnerportal.accounts.adapter.SignInForm",
    "change_password": "partnerportal.accounts.adapter.NewPasswordForm",
}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
ACCOUNT_RATE_LIMITS = False  # django-axes is the one lock-out mechanism
USERSESSIONS_TRACK_ACTIVITY = True
AXES_HANDLER = "partnerportal.accounts.lock_handler.LockHandler"
AXES_FAILURE_LIMIT = env.int("LOCKOUT_TRIES", default=8)  # of one name at one address, or in a known browser
LOCKOUT_ADDRESS_TRIES = env.int("LOCKOUT_ADDRESS_TRIES", default=40)  # of all names at one address
AXES_COOLOFF_TIME = env.float("LOCKOUT_HOURS", default=0.25)  # the first lock; each next one is twice as long
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "partnerportal.console.doors.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # else nobody's X-Forwarded-For is believed
IDLE_SECONDS = env.int("IDLE_SECONDS", default=30 * 60)

# --- Cookies, headers, content security -------------------------------------------------------
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "portal_session"  # ports of one host share cookies: the sandbox uses other names
CSRF_COOKIE_NAME = "portal_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "partnerportal.console.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Of unfold only its skin is used, not its Alpine: nothing here needs 'unsafe-eval'.
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],  # a progress bar's width
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language, static files, mail -------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static" if LOCAL else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or LOCAL
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}
WHITENOISE_USE_FINDERS = DEBUG or LOCAL
MEDIA_ROOT = DATA_DIR / "files"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
FILE_UPLOAD_HANDLERS = ["partnerportal.console.files_upload.InMemory"]  # never on a disk in the clear
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- The console's skin -------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Partner Portal",
    "SITE_HEADER": "Partner Portal",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}

LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"))

# --- Celery -----------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 0.5}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
# Entered into the scheduler's table when it starts; what a broker loses, the sweeps find (law 1).
_EVERY = {  # name: (task, seconds, seconds after which a message that was not taken is void)
    "checkpoint": ("audit.tasks.checkpoint", CHECKPOINT_SECONDS, 30),
    "sweep": ("delivery.tasks.sweep", DELIVERY_SWEEP_SECONDS, 30),
    "pull": ("sync.tasks.pull", PULL_SECONDS, 300),
    "pulls": ("sync.tasks.drive", 15.0, 30),
    "events": ("webhooks.tasks.drive", DELIVERY_SWEEP_SECONDS, 30),
    "channels": ("webhooks.tasks.watch", 60.0, 60),
    "endpoints": ("webhooks.tasks.check", WEBHOOK_CHECK_SECONDS, 600),
    "imports": ("records.tasks.sweep_imports", 30.0, 60),
    "exports": ("console.tasks.sweep_exports", 30.0, 60),
}
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": f"partnerportal.{task}",
        "schedule": seconds,
        "options": {"queue": "background", "expires": expires},
    }
    for name, (task, seconds, expires) in _EVERY.items()
}
