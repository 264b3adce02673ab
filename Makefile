# Needs Python 3.11+ with venv, make, git and curl; everything else is installed here, nothing outside this folder.

# Files go out in their order, not those with most tests first: the few that take minutes come early.
PYTEST := uv run pytest -n auto --dist loadfile --no-loadscope-reorder
# Of this process alone: counting lines makes each server and command of the tests half as slow again to start.
COVERAGE := --cov --cov-report=term --cov-fail-under=95

# What rests on the store runs a second time, with every store on a PostgreSQL server of its own.
ON_BOTH := tests/unit/routes tests/unit/domain tests/unit/access tests/unit/http tests/unit/core/test_schema.py \
	tests/unit/cli/test_backups.py tests/unit/cli/test_instances.py tests/unit/cli/test_inventory.py \
	tests/unit/cli/test_tokens.py tests/integration/test_checks.py tests/integration/test_concurrency.py \
	tests/integration/test_first_admin_race.py tests/integration/test_lifecycle.py \
	tests/integration/test_log_secrets.py tests/integration/test_examples.py tests/integration/test_safe_writes.py \
	tests/integration/test_bulk_files.py tests/integration/test_audit_sealing.py tests/integration/test_metrics.py \
	tests/integration/test_planted_secrets.py

CHECKS := lint format types borders sizes openapi inventory settings errors causes commands lock console

# Nothing of the project is installed for it; Node.js comes from a pinned wheel, whatever the machine has.
CONSOLE := uv run --no-project --python '>=3.11' python scripts/packaging/console.py

# Scripts call plain `uv`, so a private one must be first on PATH in every recipe.
ifeq ($(shell command -v uv 2>/dev/null),)
UV := .tools/bin/uv
export PATH := $(CURDIR)/.tools/bin:$(PATH)
endif

# Where Python may not keep what it has compiled, every process compiles thousands of modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Without --no-dev a user would download the test tools too. `uv run` never removes what is there already,
# so this does not undo the environment of `make test`.
.PHONY: run
run: $(UV) ## Serve Muster at http://127.0.0.1:5001, data in .data or $MUSTER_DATA_DIR; ARGUMENTS="--port 5002"
	@$(CONSOLE) build --or-go-on
	@MUSTER_DATA_DIR="$${MUSTER_DATA_DIR:-$(CURDIR)/.data}" exec uv run --no-dev muster serve $(ARGUMENTS)

.PHONY: console
console: $(UV) ## Build the web console, unless it is current
	@$(CONSOLE)

.PHONY: console-dev
console-dev: $(UV) ## Serve the console from its sources, beside a Muster at $MUSTER_URL
	@$(CONSOLE) dev

.PHONY: test
test: $(UV) services console test-console ## Run all tests but the slow ones, with coverage
	$(PYTEST) -m "not slow" $(COVERAGE)
	$(PYTEST) -m "not slow" --store postgresql $(ON_BOTH)

# Their stores lie in memory where there is such a folder: the disk is no part of what they show.
.PHONY: test-unit
test-unit: export PYTEST_DEBUG_TEMPROOT := $(wildcard /dev/shm)
test-unit: $(UV) ## Run the unit tests: no server, no network
	$(PYTEST) -m unit tests/unit

.PHONY: test-console
test-console: $(UV) ## Run the unit tests of the console
	@$(CONSOLE) test

.PHONY: test-long
test-long: $(UV) services console test-console ## Run all tests, the slow ones too
	$(PYTEST) $(COVERAGE)
	$(PYTEST) --store postgresql $(ON_BOTH)

.PHONY: screenshots
screenshots: $(UV) services console ## Photograph every screen of the console into build/screenshots
	uv run python tests/support/console/screenshots.py $(ARGUMENTS)

.PHONY: check
check: $(UV) ## Run every check that is no test; names all that fail
	@$(MAKE) --no-print-directory --keep-going $(CHECKS:%=check-%)

.PHONY: $(CHECKS:%=check-%)
check-lint: $(UV)
	uv run ruff check

check-format: $(UV)
	uv run ruff format --check

check-types: $(UV)
	uv run mypy

check-borders: $(UV)
	uv run lint-imports --config importlinter.ini

check-sizes: $(UV)
	uv run python scripts/dev/check_module_sizes.py

check-openapi: $(UV)
	uv run python scripts/dev/openapi/export_openapi.py --check

check-inventory: $(UV)
	uv run python scripts/dev/docs/generate_api_routes_inventory.py --check --check-progress

check-settings: $(UV)
	uv run python scripts/dev/docs/generate_settings_reference.py --check

check-errors: $(UV)
	uv run python scripts/dev/docs/generate_error_reference.py --check

check-causes: $(UV)
	uv run python scripts/dev/docs/generate_cause_reference.py --check

check-commands: $(UV)
	uv run python scripts/dev/docs/generate_command_reference.py --check

check-lock: $(UV)
	scripts/dev/lock.sh --check

check-console: $(UV)
	@$(CONSOLE) check

.PHONY: format
format: $(UV) ## Format the code and mend what ruff can mend
	uv run ruff check --fix-only
	uv run ruff format

.PHONY: docs
docs: $(UV) ## Write the generated documents anew
	uv run python scripts/dev/openapi/export_openapi.py
	uv run python scripts/dev/docs/generate_api_routes_inventory.py
	uv run python scripts/dev/docs/generate_settings_reference.py
	uv run python scripts/dev/docs/generate_error_reference.py
	uv run python scripts/dev/docs/generate_cause_reference.py
	uv run python scripts/dev/docs/generate_command_reference.py

.PHONY: wheel
wheel: $(UV) ## Build the wheel of this version into dist
	uv build --wheel --out-dir dist

.PHONY: lock
lock: $(UV) ## Write requirements.lock anew from pyproject.toml
	scripts/dev/lock.sh

.PHONY: services
services: ## Install the programs that integration and browser tests need (Debian, as root)
	@scripts/dev/services.sh

.tools/bin/uv:
	@python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Muster needs uv, or a python3 of 3.11 or newer with venv (on Debian: package python3-venv)." >&2; exit 1; }
	rm -rf .tools
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv
