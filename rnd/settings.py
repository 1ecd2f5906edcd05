"""Every setting of Fieldloop, read from the environment where an operator may choose.

The supervisor (`make run`) sets the same variables for the embedded services, so there is one
way in for both: `DATABASE_URL`, `BROKER_URL`, `CACHE_URL`, `SECRET_KEY`, `DEBUG`, `ALLOWED_HOSTS`.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from foundation.kit.api.settings import REST_FRAMEWORK, SPECTACULAR  # noqa: F401 -- the first is a setting by its name
from foundation.kit.databases import databases_of
from foundation.kit.logs import logging_of
from foundation.kit.storage import storage_of

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("FIELDLOOP_DATA", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
# Only the supervisor and tests give a key; the fallback serves commands that sign nothing (checks).
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    import secrets

    SECRET_KEY = secrets.token_urlsafe(50)
# Former keys: what they sealed or signed can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
EMBEDDED = env.bool("FIELDLOOP_EMBEDDED", default=False)
# "1": load the demo wherever it is asked for; "0": never; "": on the first start of the embedded database.
FIELDLOOP_DEMO = env.str("FIELDLOOP_DEMO", default="")
DEMO_SIGN_INS = "rnd.demo.sign_ins"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Paths are put behind it, and they begin with a slash.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")

INSTALLED_APPS = [
    "foundation.kit",
    "foundation.accounts",
    "foundation.catalogue",
    "foundation.journal",
    "foundation.embedded",
    "releases",
    "releases.artifacts",
    "releases.rollouts",
    "releases.bundles",
    "releases.hooks",
    "frontline_feedback",
    "rnd.engineering",
    "rnd.cycles",
    "rnd.loop",
    "rnd.notices",
    "rnd.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "rest_framework",
    "django_filters",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.accounts.middleware.DeviceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "foundation.accounts.middleware.ActorMiddleware",
    "foundation.accounts.middleware.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.kit.error_pages.DomainErrorMiddleware",
]

ROOT_URLCONF = "rnd.urls"
WSGI_APPLICATION = "rnd.wsgi.application"
FORM_RENDERER = "foundation.kit.widgets.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------------
# Reports and exports read from a copy, where there is one.
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", default="")
DATABASES = databases_of(
    # The fallback names a server that need not exist: checks and makemigrations run without one.
    env.db_url("DATABASE_URL", default="postgres://fieldloop@127.0.0.1:5432/fieldloop"),
    env.db_url("DATABASE_REPLICA_URL") if DATABASE_REPLICA_URL else None,
    pool=env.bool("DATABASE_POOL", default=False),
    pooler=env.bool("DATABASE_POOLER", default=False),
    seconds=env.int("CONN_MAX_AGE", default=60),
)
# Reports over everything that take long are kept for a while, and say as of when they are.
REPORTS_KEPT = env.bool("REPORTS_KEPT", default=True)
DATABASE_ROUTERS = ["foundation.kit.replicas.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": env.cache_url("CACHE_URL") if CACHE_URL else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

CELERY_BROKER_URL = env.str("BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum" if CELERY_BROKER_URL.startswith("amqp") else None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"confirm_publish": True}
    if CELERY_BROKER_URL.startswith("amqp")
    else {
        # Above the longest task (a first fetch), so that nothing runs twice while it still runs.
        "visibility_timeout": 3 * 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 0.5,
    }
)

# Off where nobody listens (the tests, a bulk import): the sweep reads the journal all the same.
JOURNAL_WAKE = env.bool("JOURNAL_WAKE", default=True)

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# The prefix lets secret scanners know a token that someone has committed by mistake.
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "fieldloop_"}
AUTHENTICATION_BACKENDS = ["foundation.accounts.sessions.AuthenticationBackend"]
SESSION_ENGINE = "foundation.accounts.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"  # closes the sign-up
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# How many proxies stand before this server: the rate limits count by the address that the last of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "foundation.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Fieldloop"
# Without a mail server nobody is promised a mail; an administrator hands out set-password links instead.
EMAIL_URL = env.str("EMAIL_URL", default="")
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
# So many seconds an answer of the mail server is waited for: one that hangs must not hold a worker.
EMAIL_TIMEOUT = env.float("MAIL_TIMEOUT", default=10.0)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="Fieldloop <fieldloop@localhost>")

# --- web --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
# s3://key:secret@host/bucket?region=… or a folder; "": MEDIA_ROOT.
STORAGE = storage_of(env.str("STORAGE_URL", default=""))
STORAGES = {
    "default": STORAGE,
    "artifacts": STORAGE,
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND",
            default="django.contrib.staticfiles.storage.StaticFilesStorage",
        )
    },
}
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=True)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **{f"{kind}-src": [SELF] for kind in ("script", "style", "font", "connect", "manifest", "worker")},
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "foundation.kit.error_pages.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
# Behind TLS the operator says so; the embedded house listens on loopback only.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- languages and time -------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian")), ("nb", _("Norwegian Bokmål"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- API --------------------------------------------------------------------------------------
# How many requests one caller may make; "" sets no limit (the tests).
API_RATE = env.str("API_RATE", default="1200/min") or None
SPECTACULAR_SETTINGS = {
    **SPECTACULAR,
    # Where two rooms call their choices alike.
    "ENUM_NAME_OVERRIDES": {
        "ReceiptState": "releases.bundles.models.Receipt.State",
        "TicketOutcome": "frontline_feedback.models.Outcome",
        "VerdictOutcome": "frontline_feedback.models.Verdict.Outcome",
        "TaskStage": "rnd.engineering.models.Task.Stage",
        "CompatibilityState": "releases.artifacts.models.Compatibility.State",
        "Channel": "releases.models.Channel",
        "TeamKind": "foundation.accounts.models.TeamKind",
        "Language": LANGUAGES,
    },
}

# --- git --------------------------------------------------------------------------------------
GIT_MIRRORS_DIR = DATA_DIR / "mirrors"
# Folders below which `file` repositories are allowed (the demo's own, and what an operator names).
FIELDLOOP_GIT_FILE_ROOTS = [
    Path(root).resolve() for root in env.list("FIELDLOOP_GIT_FILE_ROOTS", default=[str(DATA_DIR / "demo")])
]
FIELDLOOP_GIT_PROTOCOLS = env.list("FIELDLOOP_GIT_PROTOCOLS", default=["https", "ssh"])
# Hosts in private address ranges that may be fetched from all the same.
FIELDLOOP_GIT_PRIVATE_HOSTS = env.list("FIELDLOOP_GIT_PRIVATE_HOSTS", default=[])
# One deploy key a repository, named by its slug, and `known_hosts`.
FIELDLOOP_GIT_KEYS_DIR = env.str("FIELDLOOP_GIT_KEYS_DIR", default=str(DATA_DIR / "git-keys"))
FIELDLOOP_GIT_SECONDS = env.int("FIELDLOOP_GIT_SECONDS", default=3600)
FIELDLOOP_GIT_MAX_BYTES = env.int("FIELDLOOP_GIT_MAX_BYTES", default=4 * 1024**3)
FIELDLOOP_GIT_POLL_SECONDS = env.int("FIELDLOOP_GIT_POLL_SECONDS", default=30)
# Whether release managers may cut a release from its page: the tag is then pushed with the repository's key.
FIELDLOOP_GIT_PUSH = env.bool("FIELDLOOP_GIT_PUSH", default=False)
# Hosts in private address ranges that webhooks may be sent to all the same.
FIELDLOOP_WEBHOOK_PRIVATE_HOSTS = env.list("FIELDLOOP_WEBHOOK_PRIVATE_HOSTS", default=[])
# Modules of `releases.holds.Hold`: who is not offered yet what is published.
RECEIVING_HOLDS = ["releases.rollouts.holds"]
# --- artifacts --------------------------------------------------------------------------------
ARTIFACT_MAX_BYTES = env.int("ARTIFACT_MAX_BYTES", default=8 * 1024**3)
# Up to this size all that is asked for is checked before the first byte is sent; beyond it, block by block on the way.
ARTIFACT_CHECK_FIRST_BYTES = env.int("ARTIFACT_CHECK_FIRST_BYTES", default=64 * 1024**2)
# Who writes the notes of releases: a function of `releases.writing.Writer`, by dotted name.
NOTES_WRITER = "rnd.loop.notes.write_notes"
# What the floors above add to a release's page: addresses below its own, each answers a fragment.
RELEASE_PANELS = ["fixes/", "artifacts/panel/", "bundle/", "rollouts/", "verdicts/"]
# The same for a repository's page.
REPOSITORY_PANELS = ["hook/panel/"]
# What they tell of a release on a stick: functions of `releases.bundles.answers.Answerer`, by dotted name.
BUNDLE_ANSWERS: list[str] = ["rnd.loop.on_sticks.fixes_for"]
# What they ask before it goes out: functions of `releases.gates.Gate`, by dotted name.
PUBLISHING_GATES: list[str] = ["releases.artifacts.gate.gate", "releases.rollouts.gates.no_rollout_elsewhere"]

LOGGING = logging_of(env.str("LOG_LEVEL", default="INFO"))
