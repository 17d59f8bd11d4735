"""What holds everywhere. `dev`, `test` and `production` add what differs, and nothing else."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from environs import Env

from config import embedded, probe

env = Env()

ROOT = Path(__file__).resolve().parent.parent.parent.parent
DATA_DIR = embedded.data_dir()

# Applications -------------------------------------------------------------------------------------------------------

OUR_APPS = [
    "config.apps.SiteConfig",
    "portal",
    "learning",
    "articles",
    "events",
    "community.discussions",
    "community.groups",
    "community.safety",
    "community.members",
    "community.notices",
    "core",
]

INSTALLED_APPS = [
    *OUR_APPS,
    # discussions: machina's models, three of its apps replaced by ours. What it has for files, members, permissions and
    # read marks is left out, and so is "machina" itself, which brings templates and static files
    "mptt",
    "community.discussions.forum",
    "community.discussions.forum_conversation",
    "community.discussions.forum_polls",
    # events
    "events.recurrence_app.RecurrenceConfig",
    # the Wagtail admin
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "community.members.admin.users.MembersUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    # accounts
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    # jobs, front end
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "config.apps.SiteStaticFilesConfig",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.policy.ContentSecurityPolicyMiddleware",
    "core.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.AuthenticationMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "community.members.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "community.members.middleware.AdminDoorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": [
                "core.templatetags.addresses",
                "core.templatetags.compiled",
                "core.templatetags.components",
            ],
            "libraries": {"i18n": "core.templatetags.sentences"},
        },
    },
    {  # what a page shows many times: `*.jinja`, by {% compiled %}
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "environment": "core.jinja.environment",
            "builtins": [
                "core.templatetags.components",
                "community.groups.templatetags.groups",
                "community.discussions.templatetags.discussions",
            ],
        },
    },
]

# Database, cache, jobs ----------------------------------------------------------------------------------------------

DATABASE = env.dj_db_url(
    "DATABASE_URL", default="postgres://postgres@/collegial", conn_max_age=600, conn_health_checks=True
)
DATABASES = {"default": DATABASE}
# What core.prepared asks is planned once a connection, from its sixth time on.
DATABASE["OPTIONS"] = {"application_name": "collegial", "prepare_threshold": 5} | DATABASE.get("OPTIONS", {})
CACHES = {"default": env.dj_cache_url("CACHE_URL", default="db://django_cache")}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
WORKER_HEARTBEAT = probe.heartbeat_path()

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Accounts -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["community.members.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["display_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
ACCOUNT_ADAPTER = "community.members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "community.members.forms.SignupFields"
ACCOUNT_FORMS = {
    "login": "community.members.account_forms.LoginForm",
    "signup": "community.members.account_forms.SignupForm",
    "add_email": "community.members.account_forms.AddEmailForm",
    "change_password": "community.members.account_forms.ChangePasswordForm",
    "set_password": "community.members.account_forms.SetPasswordForm",
    "reset_password": "community.members.account_forms.ResetPasswordForm",
    "reset_password_from_key": "community.members.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "community.members.account_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "community.members.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "community.members.account_forms.AddPasskeyForm",
    "edit_webauthn": "community.members.account_forms.EditPasskeyForm",
    "login_webauthn": "community.members.account_forms.PasskeyLoginForm",
    "authenticate_webauthn": "community.members.account_forms.PasskeySecondFactorForm",
    "reauthenticate_webauthn": "community.members.account_forms.PasskeyReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
STAFF_SECOND_FACTOR = False  # production turns it on: then the admin opens to staff with a second factor only
# Log in through the association's own identity provider (OpenID Connect), where one is named.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_ADAPTER = "community.members.adapters.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # whoever comes this way accepts the rules like everybody else
SOCIALACCOUNT_PROVIDERS = {}
OIDC_ORIGINS = []
if OIDC_SERVER_URL:
    OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL))]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "association",
                "name": env.str("OIDC_NAME", default="Single sign-on"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL, "oauth_pkce_enabled": True},
            }
        ]
    }
# A message names groups and people: it stays with the session, and no cookie of the browser holds it.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"

# Files --------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "site" / "core" / "assets"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
MAX_UPLOAD_BYTES = 5 * 1024 * 1024
MAX_FILE_BYTES = 20 * 1024 * 1024  # of a group; a proxy in front has to let it through (deploy/Caddyfile)
FIRST_POSTS_WAIT = env.int("FIRST_POSTS_WAIT", default=2)  # of each new member, for a moderator; 0: none
BACKUPS_KEPT_DAYS = env.int("BACKUPS_KEPT_DAYS", default=0)  # the last copy is gone after so many; 0: nobody knows
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # "host:port", or the path of a socket; empty: nothing is scanned

# Wagtail ------------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Collegial"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "txt", "csv", "rtf"]
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = MAX_UPLOAD_BYTES
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_MAX_UPLOAD_SIZE = MAX_UPLOAD_BYTES
WAGTAILDOCS_SERVE_METHOD = "direct"  # by the one file view, which asks who may read (core.files)
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USER_TIME_ZONES = []  # the admin shows the zone of the member's profile
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_I18N_ENABLED = False

# Recurrence and machina ---------------------------------------------------------------------------------------------

RECURRENCE_USE_TZ = True
MACHINA_MARKUP_LANGUAGE = None
MACHINA_MARKUP_WIDGET = "django.forms.Textarea"

# For those who build the site; `dev` turns them on --------------------------------------------------------------------

STYLEGUIDE = False  # /styleguide/ shows every component
LETTERBOX = False  # /dev/mail/ shows the letters that were written into files
DEMO_ALLOWED = False

# Forms --------------------------------------------------------------------------------------------------------------

FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6's default: an address without a scheme means https

# Security -----------------------------------------------------------------------------------------------------------

# The public site: nothing inline without a nonce. Wagtail's admin needs 'unsafe-inline', which a nonce in the same
# policy would switch off: so two policies, chosen by path in core.policy.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *OIDC_ORIGINS],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
}
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"

# Mail ---------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Collegial <hello@collegial.test>")

# Checks -------------------------------------------------------------------------------------------------------------

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the e-mail is unique by a constraint on its lower case, which the check misses
    "templates.W003",  # core.templatetags.sentences stands before Django's own i18n on purpose
]
