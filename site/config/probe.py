"""A container's health check, quick because Django is not loaded: `python -m config.probe web` or `worker`."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import embedded

SILENT_AFTER_SECONDS = 60


def heartbeat_path() -> Path:
    """The file that a living worker touches every few seconds."""
    return Path(os.environ.get("WORKER_HEARTBEAT") or embedded.data_dir() / "worker.heartbeat")


def worker_is_alive() -> bool:
    try:
        return time.time() - heartbeat_path().stat().st_mtime < SILENT_AFTER_SECONDS
    except FileNotFoundError:
        return False


def web_is_ready(address: str) -> bool:
    """Whether the server at `address` ("host:port") says that it is ready."""
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def main() -> int:
    if sys.argv[1:] == ["worker"]:
        return 0 if worker_is_alive() else 1
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    return 0 if web_is_ready(f"127.0.0.1:{port}") else 1


if __name__ == "__main__":
    sys.exit(main())
