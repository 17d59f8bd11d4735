"""How gunicorn serves the site: `gunicorn --config python:config.server config.wsgi`."""

import gc
import os

from django.urls import get_resolver

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # loaded once and shared by the workers: half the start and less memory
keepalive = 5
graceful_timeout = 10
control_socket_disable = True  # nobody uses it, and its default path is one for all of a user's servers
accesslog = None  # requests are logged by config.logs, without addresses and query strings
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
logger_class = "config.logs.GunicornLogger"
# Only what TRUSTED_PROXIES says is believed, in Django's settings; gunicorn itself believes no header.
forwarded_allow_ips = ""
if os.path.isdir("/dev/shm"):  # noqa: S108, PTH112 - gunicorn's own advice for containers: heartbeats off the disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_fork(_server, _worker) -> None:
    """A page makes some thousand objects and lets go of them by itself: looking for cycles at every 700th, as Python
    does, took a sixth of its time."""
    gc.set_threshold(20_000, 20, 20)


def when_ready(_server) -> None:
    """Before the workers are forked: load what all of them would load at their first request, and have the collector
    leave it alone, so that they go on sharing it. That is a third of their memory."""
    get_resolver().url_patterns  # noqa: B018 - reading it imports the views
    gc.collect()
    gc.freeze()
