# Needs only make and Python >= 3.11 with venv; all else comes from the lock files.

PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
WORKERS ?= 2

# Tests start hundreds of processes: none shall compile what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check storm bench docs lock clean

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY)  ## Make the workspace demo/ and play two years in it, from a hire to the bench of a critical post.
	@rm -rf demo
	@PATH="$(CURDIR)/$(BIN):$$PATH"; talent init --demo demo && python config/harbourline/story.py demo
	@printf '\nGo on: cd demo; ../%s inbox --as dario.conti\n' $(BIN)/talent

test: $(READY_DEV)  ## Run the tests, on SQLite and on PostgreSQL.
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(READY_DEV)  ## Check style, types and who may import whom.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

storm: $(READY_DEV)  ## Kill, race and mutate far more often, and plugins whole on PostgreSQL; takes long.
	$(BIN)/python -m pytest -n $(WORKERS) -m storm --timeout 7200

bench: $(READY_DEV)  ## Measure against the bare drivers and write docs/benchmarks.md.
	$(BIN)/python benchmarks --write

docs: $(READY_DEV)  ## Write the pages of commands and settings anew, and make the site in build/docs.
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/draw.py
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs
	@echo "Open build/docs/index.html"

lock: $(READY_DEV)  ## Renew the lock files from pyproject.toml.
	$(PIP) pip-tools
	$(BIN)/python -m piptools compile $(LOCKING) --extra postgres -o requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile $(LOCKING) --extra postgres --extra dev -o requirements-dev.lock pyproject.toml

LOCKING := --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--build-deps-for wheel --build-deps-for editable

clean:  ## Remove the environment, the demo and everything built.
	rm -rf $(VENV) demo build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "talenthub needs Python 3.11 or newer: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
