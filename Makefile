# The verbs of Dars. Each sets up what it needs on a fresh machine: Python 3.11+, its venv module and make.
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps

# Kept, what is compiled is compiled once and not in each of the processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-production demo test soak check audit bench fmt lock browser docs clean

help:  ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dars needs Python 3.11 or newer")'
	@echo "Making $(VENV): some seconds."
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# The pins are complete (`pip check` proves it), so pip need not resolve anything: older ones take the newest
# release of a package that another one asks for with an extra, and then miss its hash.
$(STAMPS)/base: requirements/base.txt requirements/base.in pyproject.toml | $(STAMPS)/venv
	@echo "Installing what Dars needs into $(VENV): about a minute, once."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@echo "Installing what the tests need: half a minute, once."
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/rivals: requirements/rivals.txt $(STAMPS)/dev
	$(PYTHON) -m venv $(VENV)/rivals
	$(VENV)/rivals/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/rivals.txt
	@touch $@

setup: $(STAMPS)/dev  ## Create .venv with everything pinned

# Without bytecode: the units of deploy/systemd keep that of what is really imported in a folder of their own.
setup-production: | $(STAMPS)/venv  ## Create .venv with what Dars needs to run, and nothing else
	@echo "Installing what Dars needs into $(VENV): about a minute."
	@$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --no-compile --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check
	@du -sh $(VENV)

demo: $(STAMPS)/base  ## Run Dars with a web chat on PORT (no token, no server); CLASS=1: with a class
	@exec $(BIN)/dars demo --port $(PORT) $(if $(CLASS),--class)

browser: $(STAMPS)/dev
	@echo "Looking for a browser, and installing one where there is none: up to a minute, once."
	@$(BIN)/python -m tests.browser.install

test: $(STAMPS)/dev browser  ## Prove it: unit, SQLite, PostgreSQL, HTTP, browser
	@echo "Running every test on two cores: about twenty minutes."
	@$(BIN)/python -m pytest -n 2 --dist loadscope --cov --cov-report=term:skip-covered

# In the foreground, or Ctrl-C would not reach the tests; they are interrupted, so that they end what they started.
soak: $(STAMPS)/dev  ## Storms at full size, before a release
	@echo "Running the storms at full size: 45 minutes at most."
	@timeout --foreground --signal=INT --kill-after=60 2700 $(BIN)/python -m pytest -m soak -n 0; status=$$?; \
	case $$status in \
	  5) echo "Nothing was proved: no test is marked as a soak test." >&2 ;; \
	  124|137) echo "Stopped: the storms were not over after 45 minutes." >&2 ;; \
	esac; exit $$status

check: $(STAMPS)/dev  ## pins, ruff, format, mypy --strict, import map, migrations, generated docs
	$(BIN)/python -m pip check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/unit/test_import_map.py
	$(BIN)/dars db check
	$(BIN)/python -m scripts.docs --check

audit: $(STAMPS)/dev  ## Ask what is known against the pins; 2: nobody could be asked
	@$(BIN)/python -m scripts.audit

bench: $(STAMPS)/rivals  ## Measure against floors in the same run
	$(BIN)/python -m benchmarks

fmt: $(STAMPS)/dev  ## Format the code and write the generated docs
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m scripts.docs

lock:  ## Pin requirements/*.in again (needs uv)
	for set in base dev rivals; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .coverage build *.egg-info
