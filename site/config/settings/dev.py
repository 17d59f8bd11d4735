"""On a developer's machine: what production would serve, with mail in files and a demo community."""

from config import logs, secret
from config.settings.base import *  # noqa: F403 - a settings file is its base plus what differs
from config.settings.base import DATA_DIR, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret.kept_in(DATA_DIR)
ALLOWED_HOSTS = ["*"]
DEMO_ALLOWED = True
STYLEGUIDE = True
LETTERBOX = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

LOGGING = logs.logging_settings(as_json=False, level="WARNING")
