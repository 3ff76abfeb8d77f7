# One menu. `make` prints it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= demo-data

.DEFAULT_GOAL := help
.PHONY: help setup demo graphiql test bench faults check schema lock format clean

help: ## print this menu
	@echo "Parley - what can be made:"
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tests: requirements-test.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

setup: $(VENV)/.runtime ## make .venv from the hashed lock, with parley in it

graphiql: ## fetch GraphiQL from npm for /dev/graphiql (needs Node 20; `make demo` tries it by itself)
	$(PYTHON) -m tests.house.graphiql

demo: setup ## a server with believable data at http://localhost:8000 (PORT=..., DATA=...)
	@$(PYTHON) -m tests.house.graphiql >/dev/null 2>&1 || true
	@exec $(BIN)/parley demo --port $(PORT) --data $(DATA)

test: $(VENV)/.tests ## all tests, on SQLite and PostgreSQL (FULL=1 for the full sizes)
	PARLEY_TEST_FULL=$(FULL) $(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

check: $(VENV)/.tests ## lint, types, import floors, schema snapshot, breaking changes, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m resolvers.export --check
	$(BIN)/python -m resolvers.breaking
	$(BIN)/python -m tests.house.locks

bench: $(VENV)/.tests ## measure against the peers, into benchmarks/results (QUICK=1: under three minutes)
	$(BIN)/python -m benchmarks.run $(if $(QUICK),--quick)

faults: $(VENV)/.tests ## break a running installation on purpose, and check what it promised (QUICK=1: under a minute)
	$(BIN)/python -m benchmarks.faults $(if $(QUICK),--quick)

schema: $(VENV)/.tests ## regenerate mobile_contract: schema.graphql, persisted.json, examples
	$(BIN)/python -m resolvers.export
	$(BIN)/python -m mobile_contract.record_examples

lock: $(VENV)/.tests ## regenerate the lock files from pyproject.toml
	$(BIN)/python -m tests.house.locks --write

format: $(VENV)/.tests ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) $(DATA)
