# make run    start the app            make test   every check and test
# make lint   format, lint, types      make bench  time, memory and scrubbing against their limits
# make docs   the pages as a site, in site/

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CHECK := $(BIN)/python -c "from humanpose.runtime.system import main; main()"
SOURCES := humanpose train pages app.py tests bench

.PHONY: run test lint bench docs check-system check-browser
.DEFAULT_GOAL := run

run: $(VENV)/run check-system
	$(BIN)/streamlit run app.py

test: $(VENV)/dev check-system check-browser lint
	$(BIN)/pytest

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)

docs: $(VENV)/dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/dev check-system check-browser
	$(BIN)/python -m bench

check-system: $(VENV)/run
	@$(CHECK) libraries

check-browser: $(VENV)/run
	@$(CHECK) browser

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
	  || { echo "humanpose needs Python 3.11 or 3.12 with venv; see the README"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.txt $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt requirements-docs.txt $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-docs.txt
	@touch $@
