# Said & Done. `make` alone lists what can be made.
# PYTHON=python3.12 names another Python, PORT=8080 another port, JOBS=4 more tests at once.

PYTHON = python3
JOBS = 2
BIN = .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(UPGRADE)

# Databases of tests are thrown away: where memory has room for them, no test waits for a disk.
IN_MEMORY = if test "$$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $$4 }')" -gt 6000000 2>/dev/null; then \
	TMPDIR=$$(mktemp -d -p /dev/shm) && export TMPDIR && trap 'rm -rf "$$TMPDIR"' EXIT; fi

.PHONY: help run test lint bench faults assets shots words lock clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' Makefile | while read -r name words; do printf '  make %-8s%s\n' "$$name" "$$words"; done

run: .venv/ready-to-run ## Set up what is needed and serve the example place on 127.0.0.1:8000 (PORT=8080 for another port)
	@exec $(if $(PORT),env SAID_PORT=$(PORT)) $(BIN)/said serve --example

test: .venv/ready-to-test ## Lint, then every test, on SQLite and on PostgreSQL, then in a browser (JOBS=2)
	@sh requirements/debian
	@sh requirements/checker
	@$(MAKE) --no-print-directory lint
	@$(IN_MEMORY); $(BIN)/python -m pytest -n $(JOBS) $(TESTS)

lint: .venv/ready-to-test ## Check style and types
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary

bench: .venv/ready-to-test ## Measure, and print the ratios that are promised
	@test -e tests/bench/__main__.py || { echo "There is no benchmark yet (tests/bench)." >&2; exit 1; }
	@$(BIN)/python -m tests.bench

faults: .venv/ready-to-test ## Kill the service, also amid 1,000,000 figures, drown an urgent message, send the API what nobody thought of
	@SAID_FAULT_ROWS=1000000 SAID_FLOOD=100000 SAID_FUZZ=200 $(BIN)/python -m pytest tests/faults tests/moderation/test_flood.py tests/contract

assets: ## Build the stylesheet anew from web/styles; needs Node, which nothing else does
	@command -v npm >/dev/null || { echo "This needs Node and npm. Running the service does not: the result is committed." >&2; exit 1; }
	@npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent assets

shots: .venv/ready-to-test ## Take pictures of every page and state, into var/shots
	@test -e tests/journey/shots.py || { echo "There are no pictures to take yet (tests/journey/shots.py)." >&2; exit 1; }
	@sh requirements/debian
	@$(BIN)/python -m tests.journey.shots

words: .venv/ready-to-test ## Collect the sentences to translate, into web/locale/messages.pot, and put the catalogues in step
	@mkdir -p web/locale
	@$(BIN)/pybabel --quiet extract -F pyproject.toml --omit-header --add-location=file --sort-output -o web/locale/messages.pot service web/templates
	@$(BIN)/python -m tests.house.catalogues

lock: .venv/ready-to-run ## Pin the packages anew (UPGRADE=--upgrade takes newer versions)
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) -c requirements/run.txt --group test pyproject.toml -o requirements/test.txt
	@echo uv | $(LOCK) - -o requirements/bootstrap.txt

clean: ## Remove what was set up; the data under var/ stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis node_modules
	@find service tests migrations -name __pycache__ -prune -exec rm -rf {} +

.venv/ready-to-run: requirements/run.txt requirements/bootstrap.txt requirements/install pyproject.toml
	@PYTHON=$(PYTHON) sh requirements/install run
	@touch $@

# What tests need includes what running needs, so this makes both ready.
.venv/ready-to-test: requirements/test.txt requirements/run.txt requirements/bootstrap.txt requirements/install pyproject.toml
	@PYTHON=$(PYTHON) sh requirements/install test
	@touch .venv/ready-to-run $@
