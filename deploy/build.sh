#!/usr/bin/env bash
# Bytecode and static files, made once in the image. The settings are placeholders: nothing is reached, nothing is kept.
# Run by the Dockerfile, and by tests/operations/test_image_steps.py in an empty folder.
set -euo pipefail

python="$1/bin/python"
here="$PWD"
"$python" -m compileall -q site community events manage.py

env -i PATH="$PATH" PYTHONPATH="$here:$here/site" DJANGO_SETTINGS_MODULE=config.settings.production \
    SECRET_KEY="only-for-gathering-static-files-at-build-time-0123456789" \
    DATABASE_URL=postgres://nobody@/nothing ALLOWED_HOSTS=localhost BASE_URL=https://localhost \
    EMAIL_URL=submission://nobody:nothing@localhost:587 DEFAULT_FROM_EMAIL=nobody@localhost TRUSTED_PROXIES=0 \
    MEDIA_ROOT=/nonexistent STATIC_ROOT="$here/static" \
    "$python" manage.py collectstatic --no-input --verbosity 0
