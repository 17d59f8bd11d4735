"""For pytest: quick hashing, mail in memory, plain static files, an own database that conftest provides."""

import os

from config import embedded, logs

EMBEDDED_DATABASE = None
if not os.environ.get("DATABASE_URL"):  # xdist's workers inherit what the first process sets here
    EMBEDDED_DATABASE = embedded.Embedded(embedded.data_dir() / "pg-test", durable=False)
    os.environ["DATABASE_URL"] = EMBEDDED_DATABASE.url()

from config.settings.base import *  # noqa: E402, F403 - a settings file is its base plus what differs
from config.settings.base import DATABASES  # noqa: E402 - as above

DATABASES["default"]["CONN_MAX_AGE"] = 0  # the threads of a test close what they opened
SECRET_KEY = "for-tests-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO_ALLOWED = True
STYLEGUIDE = True
FIRST_POSTS_WAIT = 0  # the tests about it set it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING = logs.logging_settings(as_json=False, level="WARNING")
