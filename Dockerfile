# syntax=docker/dockerfile:1

# One image for the web server and the worker. Packages are installed and static files are gathered in the first stage;
# the second has no compiler, no package manager of ours and no root.

FROM python:3.13-slim-trixie AS build

SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    UV_LINK_MODE=copy

COPY requirements.txt requirements-uv.txt deploy/install.sh ./
RUN bash install.sh /opt/venv && rm install.sh

COPY manage.py ./
COPY site ./site
COPY community ./community
COPY events ./events
COPY templates ./templates
COPY deploy/build.sh ./
RUN bash build.sh /opt/venv && rm build.sh


FROM python:3.13-slim-trixie

# pg_dump and pg_restore as new as the server, for `manage.py backup` and `restore`: from PostgreSQL's own repository,
# whose key comes with Debian's postgresql-common.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && apt-get purge --yes --auto-remove postgresql-common \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin collegial \
    && install --directory --owner collegial --group collegial /data /data/media /backups

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app:/app/site \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/app/static \
    MEDIA_ROOT=/data/media \
    WORKER_HEARTBEAT=/tmp/worker.heartbeat \
    BIND=0.0.0.0:8000

WORKDIR /app
USER 10001:10001
VOLUME ["/data", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM

# The worker's container asks `python -m config.probe worker` instead (compose.yaml).
HEALTHCHECK --interval=15s --timeout=6s --start-period=40s --retries=3 CMD ["python", "-m", "config.probe", "web"]
CMD ["gunicorn", "--config", "python:config.server", "config.wsgi"]
