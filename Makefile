# Two targets matter: `make refresh` (set up, then run the main job offline) and `make test`.
# PYTHON picks the interpreter (3.11 to 3.13); RACKHOUR_HOME picks where releases go (default ./data).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.8

# Bytecode is compiled once here: imports are most of a small run's time, and some machines switch caches off.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help refresh test lint format setup dev-setup dagster dbt-copy docs wheel bench lock clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

refresh: setup  ## set up, ingest the embedded sources, build the marts, publish a release
	@$(BIN)/rackhour refresh

test: dev-setup  ## everything that needs no network, no other service and no ../shared
	@bash .ci/checks
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

lint: dev-setup  ## ruff, mypy, sqlfluff
	@bash .ci/checks

format: dev-setup  ## let ruff lay out the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

dagster: dev-setup  ## the graph, the nightly schedule and every run in a browser (port 3000)
	@DAGSTER_HOME=$$($(BIN)/python -m pipelines.defs.instance) PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/dg dev

dbt-copy: setup  ## a copy of the build database for dbt's own commands (docs/dbt.md)
	@$(BIN)/python -m pipelines.warehouse.dbt_copy

docs: dev-setup  ## pages with the figures of the published release, into docs/built/ (docs/README.md lists them)
	@$(BIN)/python -m docs.build

wheel: dev-setup  ## build the wheel into dist/
	@rm -rf build dist && $(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python
	@ls dist/*.whl

bench: dev-setup  ## the measured table of bench/README.md
	@$(BIN)/python -m bench

setup: $(VENV)/.run  ## only the environment
dev-setup: $(VENV)/.dev

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"rackhour needs Python 3.11 to 3.13; this is {v.major}.{v.minor}. Set PYTHON=python3.12 or similar.")'
	@echo "setting up $(VENV) (about a minute; once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install uv==$(UV_VERSION)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -m pipelines.warehouse.transform --parse
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/dev.txt
	@touch $@

lock: $(BIN)/uv  ## pin requirements again, for 3.11 to 3.13, with hashes and without addresses
	@for set in "run:" "dev:--extra dev"; do \
	  $(BIN)/uv pip compile pyproject.toml $${set#*:} --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --quiet -o requirements/$${set%%:*}.txt || exit 1; done

clean:  ## remove the environment and caches; releases in data/ stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dbt_project/target docs/built
