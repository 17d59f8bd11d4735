"""`make check`: what can be said about the code without running it. Every step runs, then the failures are named."""

import os
import subprocess
import sys
import time
from pathlib import Path

from config.embedded import ROOT

BIN = Path(sys.executable).parent
TEMPLATES = "templates"

# Rule modules: whatever decides who may do what, or changes a state. They are typed, and mypy sees to it.
RULES = (
    "agenda",
    "ages",
    "agreements",
    "answering",
    "appeals",
    "archive",
    "archiving",
    "arrivals",
    "attachments",
    "audience",
    "audit",
    "bell",
    "blocks",
    "bodies",
    "chapters",
    "clock",
    "composing",
    "contacts",
    "copies",
    "counters",
    "dates",
    "decisions",
    "digests",
    "documents",
    "drafts",
    "editing",
    "emergency",
    "envelope",
    "feeds",
    "figures",
    "files",
    "first_posts",
    "following",
    "forums",
    "history",
    "hiding",
    "hits",
    "holding",
    "invitations",
    "json_lines",
    "kinds",
    "letterbox",
    "library",
    "limits",
    "locks",
    "looking",
    "looking_after",
    "mailboxes",
    "markdown",
    "measures",
    "membership",
    "mentions",
    "merging",
    "messages",
    "moderation",
    "news",
    "notes",
    "numbers",
    "opening",
    "outbox",
    "overview",
    "own_data",
    "pacing",
    "permissions",
    "places",
    "plain",
    "policies",
    "policy",
    "polls",
    "post_menu",
    "posting",
    "preferences",
    "prepared",
    "presentation",
    "profiles",
    "purging",
    "queue",
    "quotes",
    "reading",
    "records",
    "recurring",
    "rendering",
    "report",
    "reportable",
    "reports",
    "requests",
    "retention",
    "roles",
    "rsvp",
    "runs",
    "sanctions",
    "saved",
    "scanning",
    "scheduling",
    "search_terms",
    "second_look",
    "secret_addresses",
    "selection",
    "shelf",
    "standing",
    "starting",
    "steps",
    "stopping",
    "strays",
    "tags",
    "telling",
    "threads",
    "topic_kinds",
    "topic_pages",
    "trail",
    "undoing",
    "uploads",
    "zones",
)
HOUSE = ("backlog", "backup", "embedded", "health", "logs", "probe", "secret", "stamps", "supervisor", "worker")

SEARCH_PATH = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}

# Good enough for `check --deploy`, which looks at settings and asks no server.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "an-example-that-is-long-and-varied-enough-0123456789-abcdefghijklmnop",
    "DATABASE_URL": "postgres://example@/example",
    "ALLOWED_HOSTS": "community.example.org",
    "BASE_URL": "https://community.example.org",
    "EMAIL_URL": "submission://example:example@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "hello@example.org",
    "TRUSTED_PROXIES": "1",
    "MEDIA_ROOT": "/tmp/example",  # noqa: S108 - nothing is written there
}


def rule_modules() -> list[str]:
    """The files that mypy checks, wherever a room keeps one of that name."""
    found = [
        path
        for source in ("site", "community", "events")
        for path in (ROOT / source).rglob("*.py")
        if path.stem in RULES and not {"migrations", "management", "admin"} & set(path.parts)
    ]
    found += [ROOT / "site" / "config" / f"{name}.py" for name in HOUSE]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def templates() -> list[str]:
    """Every HTML template; plain-text ones keep their own line breaks."""
    written = (path for ending in ("html", "jinja") for path in (ROOT / TEMPLATES).rglob(f"*.{ending}"))
    return sorted(str(path.relative_to(ROOT)) for path in written)


def steps() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Each step's name, command and environment."""
    python = str(BIN / "python")
    return {
        "formatting": ([str(BIN / "ruff"), "format", "--check", "."], {}),
        "lint": ([str(BIN / "ruff"), "check", "."], {}),
        "templates": ([str(BIN / "djhtml"), "--check", "--tabwidth", "2", *templates()], {}),
        "types of the rule modules": ([str(BIN / "mypy"), *rule_modules()], {}),
        "import rules": ([str(BIN / "lint-imports")], {}),
        "migrations": ([python, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        "production settings": ([python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        "workflows": ([str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *workflows()], {}),
        "compose file": (
            [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
            {},
        ),
        "Dockerfile": ([str(BIN / "hadolint"), "Dockerfile"], {}),
    }


def workflows() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / ".github" / "workflows").glob("*.yml"))


def main() -> int:
    failed = []
    for name, (command, variables) in steps().items():
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=ROOT,
            env=os.environ | SEARCH_PATH | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        mark = "ok" if done.returncode == 0 else "FAILED"
        sys.stdout.write(f"{mark:>6}  {name} ({time.monotonic() - started:.1f} s)\n")
        if done.returncode:
            failed.append(name)
            sys.stdout.write(f"{done.stdout.rstrip()}\n")
        sys.stdout.flush()
    if failed:
        sys.stdout.write(f"\nNot yet: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
