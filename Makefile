# Collegial's front door. `make help` lists what is here.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
JOBS ?= auto
ARGS ?=

BIN := .venv/bin
PY := $(BIN)/python

# For every child, and nothing of a person's own set-up leaks in.
export HOST PORT
export PYTHONPATH := $(CURDIR):$(CURDIR)/site
unexport DJANGO_SETTINGS_MODULE PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help run dev reset test check bench audit lock format install install-dev

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The last line of each recipe is one process: a SIGTERM to make goes to it, and it stops all that it started.

run: install ## start the site with its demo community (PORT=8000, HOST=127.0.0.1)
	@exec $(PY) -m config.supervisor

dev: install ## the same with debug pages; web and worker start again when a file changes
	@exec env DEBUG=1 $(PY) -m config.supervisor

reset: install ## throw away all data of this copy, after asking
	@exec $(PY) -m config.reset

test: install-dev ## run the whole suite on the embedded PostgreSQL, in parallel (JOBS=4, ARGS="-k rsvp")
	@exec $(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: install-dev ## formatting, lint, types, import rules, migrations, production settings
	@exec $(PY) -m config.check

bench: install-dev ## measure the main pages against a bare Django view (QUICK=1: with few posts only)
	@exec $(PY) -m config.bench $(ARGS)

format: install-dev ## let ruff and djhtml write Python and templates the way `make check` wants them
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .
	@exec $(BIN)/djhtml --tabwidth 2 $$(find templates -name '*.html' -o -name '*.jinja')

audit: install-dev ## ask whether a pinned package has a known vulnerability
	@exec $(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.txt

lock: install-dev ## resolve requirements*.in anew into the hashed requirements*.txt
	@exec $(PY) -m config.lock

install:
	@exec $(PYTHON) -I site/config/install.py

install-dev:
	@exec $(PYTHON) -I site/config/install.py --dev
