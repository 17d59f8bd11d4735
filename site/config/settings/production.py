"""For a real association. All that differs between two of them is read from the environment.

What is missing or wrong is said in one error, and the site does not start. `docs/running.md` explains each name.
"""

import os

import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError
from marshmallow.validate import Length, Range

from config import logs

env = Env(eager=False)  # collect every mistake, and speak at `seal`


@env.parser_for("mail_server")
def mail_server(address: str) -> dict:
    """Django's mail settings from an address such as submission://user:password@mail.example.org:587."""
    found = dj_email_url.parse(address)
    if not (found.get("EMAIL_HOST") and found.get("EMAIL_BACKEND", "").endswith("smtp.EmailBackend")):
        raise ValidationError("names no server; write it like submission://user:password@mail.example.org:587")
    if found["EMAIL_HOST_PASSWORD"] and not (found["EMAIL_USE_TLS"] or found["EMAIL_USE_SSL"]):
        raise ValidationError("would send its password in the clear; begin it with submission:// or add ?ssl=true")
    return found


SECRET_KEY = env.str("SECRET_KEY", validate=Length(min=50, error="needs 50 characters or more"))
BASE_URL = env.url("BASE_URL", schemes={"https"}, require_tld=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", validate=Length(min=1, error="needs a host name"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
TRUSTED_PROXIES = env.int(
    "TRUSTED_PROXIES", validate=Range(min=0, error="is the number of proxies in front of the site")
)
env.str("DATABASE_URL")

# Mail: an SMTP server, or a mail service by way of django-anymail.
MAIL_SERVICE = env.str("MAIL_SERVICE", default="")
MAIL_SERVER = None if MAIL_SERVICE else env.mail_server("EMAIL_URL")

# Uploaded files: a folder, or a bucket.
S3_BUCKET = env.str("S3_BUCKET", default="")
MEDIA_ROOT_ENV = "" if S3_BUCKET else env.str("MEDIA_ROOT")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default=None)
S3_REGION = env.str("S3_REGION", default=None)

# Signing in with the association's own accounts, where it has them.
if env.str("OIDC_SERVER_URL", default=""):
    env.str("OIDC_CLIENT_ID")
    env.str("OIDC_SECRET")

SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")

try:
    env.seal()
except EnvValidationError as error:
    wrong = (f"  {name}: {' '.join(words)}" for name, words in sorted(error.error_messages.items()))
    raise ImproperlyConfigured("These settings are missing or wrong:\n" + "\n".join(wrong)) from None

from config.settings.base import *  # noqa: E402, F403 - a settings file is its base plus what differs
from config.settings.base import INSTALLED_APPS, ROOT, STORAGES  # noqa: E402 - base reads what was checked above

DEBUG = False
WAGTAILADMIN_BASE_URL = BASE_URL = BASE_URL.geturl()
STATIC_ROOT = env.path("STATIC_ROOT", default=ROOT / "static")

# Mail ---------------------------------------------------------------------------------------------------------------

SERVER_EMAIL = DEFAULT_FROM_EMAIL
if MAIL_SERVICE:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_SERVICE}.EmailBackend"
    INSTALLED_APPS = [*INSTALLED_APPS, "anymail"]
    ANYMAIL = {
        name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
    }
else:
    vars().update({name: value for name, value in MAIL_SERVER.items() if name.startswith("EMAIL_")})
EMAIL_TIMEOUT = 20

# Files --------------------------------------------------------------------------------------------------------------

if S3_BUCKET:
    STORAGES = STORAGES | {
        "default": {
            "BACKEND": "core.bucket.BucketStorage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": S3_ENDPOINT_URL,
                "region_name": S3_REGION,
                "default_acl": "private",
                "file_overwrite": False,
                "max_memory_size": 2 * 1024 * 1024,  # bytes of a file on its way out; the rest waits on disk
            },
        }
    }
else:
    MEDIA_ROOT = MEDIA_ROOT_ENV

# Security -----------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_TRUSTED_ORIGINS = [BASE_URL.rstrip("/")]
# Whose word is taken for a visitor's address (rate limits) and for the scheme: that of so many proxies, and no other's.
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
STAFF_SECOND_FACTOR = True

# W019 asks for X-Frame-Options: DENY. Wagtail's editor shows its preview in a frame of the same origin.
# W005 and W021 ask for HSTS on all subdomains and for the browsers' preload list. Both bind names that are not ours
# to bind, for a year: so they are an association's own choice (HSTS_SUBDOMAINS, HSTS_PRELOAD).
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W019", "security.W021"]

# Logs ---------------------------------------------------------------------------------------------------------------

LOGGING = logs.logging_settings(as_json=True, level=LOG_LEVEL)
