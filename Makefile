# Heedful: every task of the project. `make` lists them.
# Needs Python 3.11 or later, git and make; everything else goes into .venv.

PYTHON ?= python3
RECIPE ?= training/recipes/reader.toml
BENCH ?=
MEASURE ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test check bench train measure docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.ready-run ## Set up what run time needs and open the web page; in the terminal: .venv/bin/heedful chat
	$(BIN)/heedful serve --open

test: check ## Set up everything, check the house rules and run every test
	$(BIN)/python -m pytest -n auto --durations=10

check: .venv/.ready-dev ## Style, types, import layers, sizes, documented names
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest tests/test_architecture.py

bench: .venv/.ready-bench ## Measure speed beside the peers (protocol S1); BENCH=--quick for a first look
	$(BIN)/python -m benchmarks.speed $(BENCH)
	$(BIN)/python -m benchmarks.throughput $(BENCH)
	$(BIN)/python -m benchmarks.server $(BENCH)

train: .venv/.ready-dev ## Train and export a network; RECIPE=training/recipes/reader.toml
	$(BIN)/python -m training $(RECIPE)

measure: .venv/.ready-dev ## Measure the shipped networks by docs/protocols.md; needs HEEDFUL_DATA
	$(BIN)/heedful measure text --out docs/results $(MEASURE)
	$(BIN)/heedful measure face --out docs/results $(MEASURE)
	$(BIN)/heedful measure guard --out docs/results
	$(BIN)/heedful measure voice --out docs/results
	$(BIN)/heedful measure replies --out docs/results $(MEASURE)
	$(BIN)/heedful measure compared --out docs/results $(MEASURE)
	$(BIN)/heedful measure bias --out docs/results
	$(BIN)/python -m docs.build

docs: .venv/.ready-dev ## Regenerate what is generated: docs/cli.md, docs/tables.md and the measured tables of the README
	$(BIN)/python -m docs.build

clean: ## Remove the environment, caches and build output
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is older than pyproject.toml exactly when its environment has to be set up again.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heedful needs Python 3.11 or later, and $(PYTHON) is %d.%d. Name another: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.ready-run: pyproject.toml | .venv/bin/python
	$(PIP) --editable '.[face,parquet,server,voice]'
	@touch $@

.venv/.ready-dev: pyproject.toml | .venv/bin/python
	$(PIP) --editable '.[dev]'
	@touch .venv/.ready-run $@

.venv/.ready-bench: pyproject.toml .venv/.ready-dev
	$(PIP) --editable '.[bench]'
	@touch $@
