# `make help` says what there is. Everything is installed into this folder; nothing of the machine is touched.
PYTHON ?= python3.11
BIN := .venv/bin
STACK := $(BIN)/python -m stack
IN_STACK := $(STACK) run --
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend
PACKAGES := platform_api modeling training serving stack demo clients benchmarks tests
MAKEFLAGS += --no-print-directory
TEST_PROCESSES ?= 2
.DEFAULT_GOAL := help
.PHONY: help setup demo up down status logs train sweep promote rollback password people backup restore bench lint test test-setup client lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@command -v $(PYTHON) >/dev/null || { echo "Tonearm needs Python 3.11 and found no $(PYTHON). Install it, or run make PYTHON=/path/to/python3.11."; exit 1; }

setup: python ## install what is missing: packages, the web page, the narrator's weights
	@$(PYTHON) stack/install.py

test-setup: python
	@$(PYTHON) stack/install.py --browser

demo: setup ## everything at once: set up, start, make a town, train, serve; prints one address
	@$(BIN)/python -m stack.demo

up: setup ## start everything and wait until it is ready
	@$(STACK) up

down: ## stop everything
	@test ! -x $(BIN)/python || $(STACK) down

status: ## what runs, where, and how it is
	@$(STACK) status

logs: ## follow all logs
	@$(STACK) logs --follow

train: setup ## run what changed of the pipeline and serve the result (dvc repro)
	@$(STACK) up --only inference,mlflow
	@$(IN_STACK) dvc repro
	@$(IN_STACK) python -m training narrator
	@$(IN_STACK) python -m training publish

sweep: setup ## search for better parameters, trials in MLflow: make sweep MODEL=recommender TRIALS=12
	@$(STACK) up --only inference,mlflow
	@$(IN_STACK) python -m training sweep $(or $(MODEL),recommender) --trials $(or $(TRIALS),12)

promote: ## make a version the champion and serve it: make promote MODEL=habit VERSION=3
	@$(IN_STACK) python -m training promote $(MODEL) $(VERSION)

password: ## a link to a new password, for somebody who forgot theirs: make password EMAIL=ada@example.org
	@$(STACK) password $(EMAIL)

people: ## who has an account: handle, e-mail, since when, plays, the last play
	@$(IN_STACK) python -m platform_api.people

backup: ## copy everything that cannot be made again, while it runs: make backup TO=/mnt/disk/tonearm-2026-11-29
	@test -n "$(TO)" || { echo "Where to? make backup TO=/a/new/folder"; exit 1; }
	@$(STACK) backup "$(TO)"

restore: setup ## put a backup where nothing is yet: make restore FROM=/mnt/disk/tonearm-2026-11-29
	@test -n "$(FROM)" || { echo "Where from? make restore FROM=/the/folder"; exit 1; }
	@$(STACK) restore "$(FROM)"

rollback: ## serve the version before: make rollback MODEL=habit
	@$(IN_STACK) python -m training rollback $(MODEL)

bench: setup ## measure against others
	@$(IN_STACK) python -m benchmarks

lint: setup ## style, types, who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy $(PACKAGES)
	@$(BIN)/lint-imports
	@$(NPM) run --silent lint
	@$(NPM) run --silent typecheck

test: test-setup lint ## everything: lint, components, and every test in pytest, the browser's too
	@$(NPM) run --silent test
	@$(BIN)/python -m pytest --numprocesses=$(TEST_PROCESSES) --dist=loadfile --no-loadscope-reorder

client: python ## write openapi.json and generate the web page's client from it
	@$(PYTHON) stack/install.py --no-page # the page may need what the client does not have yet
	@$(BIN)/python -m platform_api.openapi > frontend/openapi.json
	@$(NPM) run --silent generate

lock: ## resolve requirements.in anew
	@$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --no-emit-find-links --no-emit-index-url --strip-extras --output-file=requirements.lock requirements.in
	@$(BIN)/python -m stack.lock
