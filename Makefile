# make run    start the app            make test   every check and test
# make lint   format, lint, types      make bench  time, memory and scrubbing against their limits
# make docs   the pages as a site, in site/
# make wheel  build the wheel, install it into an empty venv, run it there
# make PINS=hashes test   take only packages whose bytes are known, as CI does: on Linux, x86-64
# make hashes   write them anew after a change of a pin    make audit   known holes of the pins
# make sbom     what is in a release, as CycloneDX, in sbom.json

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PINS := .
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check $(if $(filter hashes,$(PINS)),--require-hashes)
TOOLS := .tools/bin
CHECK := $(BIN)/python -c "from humanpose.runtime.system import main; main()"
WHOLE := $(patsubst %,--%,$(filter output-sync,$(.FEATURES)))
SOURCES := humanpose train pages app.py tests bench

.PHONY: run test test-library test-training test-pages test-server test-browser lint bench docs wheel check-system check-browser hashes audit sbom
.DEFAULT_GOAL := run

run: $(VENV)/run check-system
	$(BIN)/streamlit run app.py

# Tests in the browser and of the server mostly wait, so each runs beside others, the longest
# first, and all go on if one fails.
test: $(VENV)/dev check-system check-browser
	@echo "Six parts, two at a time; what each says comes when it has ended."
	@$(MAKE) --no-print-directory --jobs=2 --keep-going $(WHOLE) \
	  test-browser test-library test-server test-training test-pages lint

# PyTorch and BLAS start a thread a core, which on small arrays only wait for each other.
test-library test-training test-pages test-server test-browser: export OMP_NUM_THREADS := 1

test-library: $(VENV)/dev
	$(BIN)/pytest $(addprefix --ignore tests/,e2e server ui train)

test-training: $(VENV)/dev
	$(BIN)/pytest tests/train

test-pages: $(VENV)/dev
	$(BIN)/pytest tests/ui

test-server: $(VENV)/dev
	$(BIN)/pytest tests/server

test-browser: $(VENV)/dev
	$(BIN)/pytest tests/e2e

wheel: $(VENV)/dev check-system check-browser
	$(BIN)/pytest -m slow tests/test_wheel.py

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

$(VENV)/run: $(PINS)/requirements.txt $(VENV)/bin/python
	$(INSTALL) -r $<
	@touch $@

$(VENV)/dev: $(wildcard $(PINS)/requirements-*.txt) $(VENV)/run
	$(INSTALL) $(addprefix -r ,$(filter-out %-augment.txt,$(filter %.txt,$^)))
	$(INSTALL) --no-deps -r $(PINS)/requirements-augment.txt
	@touch $@

# Of PyTorch, which PyPI has for CUDA only, the wheels without it, for Python 3.11 and 3.12.
hashes: .tools/done
	for pins in requirements*.txt; do \
	  grep -v '^torch==' $$pins | $(TOOLS)/uv pip compile - --quiet --no-deps --universal --python-version 3.11.7 \
	    --generate-hashes --no-header --no-annotate --output-file hashes/$$pins || exit 1; done
	cat hashes/torch-cpu.txt >> hashes/requirements.txt

audit: .tools/done
	$(TOOLS)/pip-audit --strict --disable-pip --require-hashes $(addprefix -r ,$(wildcard hashes/requirements*.txt))

sbom: .tools/done
	$(TOOLS)/cyclonedx-py requirements hashes/requirements.txt --output-reproducible --output-file sbom.json

.tools/done: hashes/tools.txt
	$(PYTHON) -m venv .tools
	$(TOOLS)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
