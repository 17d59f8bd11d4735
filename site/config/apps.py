from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class SiteConfig(AppConfig):
    """Settings, URLs and the commands that run the whole: it may import everything, nothing imports it."""

    name = "config"
    label = "config"


class SiteStaticFilesConfig(StaticFilesConfig):
    """Static files without those of packages that no page of ours uses: collecting and compressing takes long."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "django_htmx/ext/*",  # these two import by names that a manifest cannot follow
        "django_htmx/htmax*",
        "django_htmx/htmx-4*",
        "django_htmx/htmx-2.js",  # the minified one is served
        "machina",
        "mptt",
        "recurrence",
    ]
