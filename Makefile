# Fieldloop's doors. `make help` lists them; set-up happens by itself and takes no time when nothing changed.
PYTHON ?= python3
PY := .venv/bin/python
SETUP := $(PYTHON) -I foundation/embedded/install.py
TEMPLATES = find foundation releases frontline_feedback rnd -name '*.html'
MAKEFLAGS += --no-print-directory
# A dozen processes run the same modules: the first one compiles them for all.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test check bench translations lock clean

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

run: setup ## Start Fieldloop on this machine (PORT=8000, FIELDLOOP_DATA=var); Ctrl-C stops it
	@exec setpriv --pdeathsig TERM $(PY) -m foundation.embedded

test: setup-dev ## Run all checks and all tests
	@$(PY) -m tests.browser.chromium
	@$(PY) -m tests.artifacts.program
	@$(MAKE) check
	@$(PY) -m pytest

check: setup-dev ## Run the checks: style, templates, types, floors, migrations, translations
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { $(PY) -m ruff format --diff --quiet . | head -40; exit 1; }
	@$(TEMPLATES) | xargs -r .venv/bin/djade --check --target-version 5.2
	@said=$$(.venv/bin/lint-imports) || { echo "$$said"; exit 1; }
	@$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PY) manage.py translations --check
	@$(PY) -m mypy --num-workers 2 --native-parser

bench: setup-dev ## Measure, and compare with the figures in docs
	@$(PY) -m tests.bench

translations: setup-dev ## Collect what is to be translated, and compile it
	@$(PY) manage.py translations

lock: ## Resolve the requirements anew into the locks
	@$(SETUP) lock

setup:
	@command -v $(PYTHON) >/dev/null || { echo "fieldloop: $(PYTHON) is missing; install Debian's packages python3 and python3-venv." >&2; exit 1; }
	@$(SETUP) run

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "fieldloop: $(PYTHON) is missing; install Debian's packages python3 and python3-venv." >&2; exit 1; }
	@$(SETUP) dev

clean: ## Remove .venv and every cache; what FIELDLOOP_DATA holds stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
