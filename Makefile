# Two commands matter: `make demo` runs the main job, `make test` passes the tests. Both install what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
TESTS ?= tests
PYTEST_ARGS ?=

# Exports DOCKER_HOST and BERTH_BASE_IMAGE where they are not the usual ones.
ENGINE = set -a; found=$$(python3 .ci/engine.py); eval "$$found"; base=$$(python3 .ci/base_image.py); eval "$$base"; set +a
# Exports BERTH_TEST_BUILDX where there is a buildx plugin, or one can be fetched.
BUILDX = set -a; found=$$(python3 .ci/buildx.py); eval "$$found"; set +a
UNAVOIDED = BERTH_REQUIRE_ENGINE=1

.PHONY: help setup demo test test-fast test-client test-vscode check format generate docs fuzz bench lock update-images engine-stop clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(VENV)/.ready ## the virtual environment

$(VENV)/.ready: requirements.lock pyproject.toml
	@.ci/venv $(VENV)

demo: setup ## a real agent in a real container, start to stop, in the terminal
	@$(ENGINE); $(BIN)/berth demo $(DEMO_ARGS)

test: setup ## every test but VS Code's; a missing engine is a failure
	@$(ENGINE); $(BUILDX); $(UNAVOIDED) $(BIN)/python -m pytest $(TESTS) $(PYTEST_ARGS)

test-fast: setup ## the tests that need no engine
	@$(BIN)/python -m pytest $(TESTS) -m "not engine and not agents" $(PYTEST_ARGS)

test-client: setup ## the VS Code client without VS Code: lint, types, unit tests, the real server; needs Node 22
	@$(MAKE) -C vscode-client test PYTHON=$(abspath $(BIN)/python)

test-vscode: setup ## the extension in a real VS Code (code-server and Chromium); minutes
	@$(ENGINE); $(MAKE) -C vscode-client test-vscode PYTHON=$(abspath $(BIN)/python)

check: setup ## formatting, lint, types, import contracts, generated files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy server/berth images/egress/berth_egress images/egress/__main__.py tests .ci/engine.py .ci/base_image.py .ci/buildx.py .ci/generated.py images/update.py docs/generate.py docs/generate_schema.py vscode-client/generate.py vscode-client/bundle.py
	@$(BIN)/mypy --platform win32 --no-warn-unreachable --exclude '/unix/|/socket_entrance' server/berth
	@$(BIN)/lint-imports --cache-dir .import_linter_cache
	@$(BIN)/python .ci/generated.py

format: setup ## format and fix what can be fixed
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

generate docs: setup ## the parts of docs/ and vscode-client/ that come from the Python models
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/generate_schema.py
	@$(BIN)/python vscode-client/generate.py

fuzz: setup ## a million settings by chance through every gate; FUZZ_ARGS="--minutes 10 --first 1000000"
	@nice $(BIN)/python -m tests.security.fuzz $(FUZZ_ARGS)

bench: setup ## ratios to the raw engine and to peers, measured in one run
	@$(ENGINE); $(BIN)/python -m tests.bench $(BENCH_ARGS)

lock: setup ## requirements.lock from pyproject.toml
	@$(BIN)/python -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install --quiet uv
	@$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o requirements.lock
	@rm -rf $(VENV)-lock

update-images: setup ## the versions of Node and of the agents in images/agent, from the registries
	@$(BIN)/python images/update.py $(UPDATE_ARGS)

engine-stop: ## ends the engine that make started, if it did
	@python3 .ci/engine.py stop

clean: ## removes what make made in this checkout
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis vscode-client/node_modules vscode-client/out
