"""Production refuses to start half configured, and is strict once it starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIRED = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://collegial:secret@db.internal/collegial",
    "ALLOWED_HOSTS": "community.example.org",
    "BASE_URL": "https://community.example.org",
    "EMAIL_URL": "submission://user:secret@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Collegial <hello@example.org>",
    "TRUSTED_PROXIES": "1",
    "MEDIA_ROOT": "/data/media",
}
SHOW = "import json; from config.settings import production as s; print(json.dumps(s.{name}, default=str))"


def production(environment: dict, code: str) -> subprocess.CompletedProcess:
    """Run `code` in a new Python, in the production environment that is given and nothing more."""
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", **environment}
    return subprocess.run([sys.executable, "-c", code], env=clean, cwd=ROOT, capture_output=True, text=True)


def setting(name: str, **more: str):
    """The value of one setting, given all that is required and `more`."""
    done = production(REQUIRED | more, SHOW.format(name=name))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_everything_missing_is_said_at_once():
    done = production({}, "import config.settings.production")

    assert done.returncode == 1
    assert "These settings are missing or wrong" in done.stderr
    for name in REQUIRED:
        assert f"  {name}: " in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("BASE_URL", "http://community.example.org"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "console://"),
        ("EMAIL_URL", "smtp://user:secret@mail.example.org:25"),
    ],
)
def test_wrong_value_is_refused_by_name(name, value):
    done = production(REQUIRED | {name: value}, "import config.settings.production")

    assert done.returncode == 1
    assert f"  {name}: " in done.stderr
    assert value not in done.stderr or name != "SECRET_KEY"


def test_configured_site_is_strict():
    assert setting("DEBUG") is False
    assert setting("DEMO_ALLOWED") is False
    assert setting("SECURE_SSL_REDIRECT") is True
    assert setting("SESSION_COOKIE_SECURE") is True
    assert setting("ALLAUTH_TRUSTED_PROXY_COUNT") == 1


def test_scheme_header_is_believed_from_a_trusted_proxy_only():
    assert setting("SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="1") == ["HTTP_X_FORWARDED_PROTO", "https"]
    done = production(REQUIRED | {"TRUSTED_PROXIES": "0"}, SHOW.format(name="SECURE_PROXY_SSL_HEADER"))
    assert done.returncode == 1


def test_mail_server_is_read_from_one_address():
    assert setting("EMAIL_HOST") == "mail.example.org"
    assert setting("EMAIL_USE_TLS") is True


def test_mail_service_takes_the_place_of_a_mail_server():
    service = {"EMAIL_URL": "", "MAIL_SERVICE": "postmark", "ANYMAIL_POSTMARK_SERVER_TOKEN": "token"}

    assert setting("EMAIL_BACKEND", **service) == "anymail.backends.postmark.EmailBackend"
    assert setting("ANYMAIL", **service) == {"POSTMARK_SERVER_TOKEN": "token"}


def test_bucket_takes_the_place_of_a_media_folder():
    bucket = {"MEDIA_ROOT": "", "S3_BUCKET": "uploads"}

    storage = setting("STORAGES", **bucket)["default"]

    assert storage["BACKEND"] == "core.bucket.BucketStorage"
    assert storage["OPTIONS"]["default_acl"] == "private"


def test_single_sign_on_needs_its_secret():
    done = production(REQUIRED | {"OIDC_SERVER_URL": "https://id.example.org"}, "import config.settings.production")

    assert "OIDC_CLIENT_ID" in done.stderr
    assert "OIDC_SECRET" in done.stderr


def test_production_refuses_the_demo():
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **REQUIRED,
            "DATABASE_URL": os.environ["DATABASE_URL"],
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: ")
    assert "do not allow" in done.stderr


def test_letters_are_read_in_the_browser_on_a_developers_machine_alone(tmp_path):
    shown = "print(getattr(s, 'LETTERBOX', False))"
    here = production({"COLLEGIAL_DATA": str(tmp_path)}, f"from config.settings import dev as s; {shown}")
    there = production(REQUIRED, f"from config.settings import production as s; {shown}")

    assert (here.stdout.strip(), there.stdout.strip()) == ("True", "False"), here.stderr + there.stderr
