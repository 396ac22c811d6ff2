# Milepost from the command line. `make help` says what there is.

PYTHON ?= python3
# Without one it is where the stage runs or ran last, at first 4566.
export PORT
# The one stack to deploy, such as that of a context: make up ONLY=goals. Without it, all of them.
export ONLY
# The name of a production stage, where nobody is there to type it.
export CONFIRM
# Python's packages and npm's are installed side by side.
MAKEFLAGS += --jobs=2
# The CDK runs on Node 20, which is past its end of life, as well as on later ones.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

BIN := .venv/bin
UV_VERSION := $(shell sed -n 's/^uv==//p' requirements-dev.txt)
COMPILE := $(BIN)/uv pip compile --quiet --universal --no-header --no-annotate pyproject.toml
BUNDLES := $(shell sed -n 's/^\[tool\.milepost\.bundles\.\(.*\)\]$$/\1/p' pyproject.toml)
BUNDLED := $(BUNDLES:%=--group %)
UPGRADE ?= --upgrade

.DEFAULT_GOAL := help
.PHONY: help up down reset status token demo screenshots evaluator provider receiver test soak bench first-minutes check format document lock redrive republish rotate-keys rotate-front migrate rebuild-schedules reindex refile pause-campaigns restate export-payments reconcile halt resume restore adopt undone end-sessions trace logs costs bootstrap diff deploy smoke destroy

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

up: .venv/installed node_modules/installed ## Start the local stage: MiniStack, the deployed app, the demo (PORT=4600 ONLY=goals)
	@$(BIN)/python -m infra.local up

down: .venv/installed ## Stop the local stage, keep its data
	@$(BIN)/python -m infra.local down

reset: .venv/installed ## Stop the local stage, forget its data
	@$(BIN)/python -m infra.local reset

status: .venv/installed ## Say where everything is in the local stage, and how to get in
	@$(BIN)/python -m infra.local status

token: .venv/installed ## Print a fresh token of the demo's owner, and put it into .milepost/env
	@$(BIN)/python -m infra.local token

demo: .venv/installed ## Load the demo again and show its progress
	@$(BIN)/python -m infra.demo

screenshots: .venv/installed .venv/browser ## Take the pictures of the README anew, of the demo that runs
	@$(BIN)/python -m tests.browsing.screenshots

evaluator: .venv/installed ## Run the reference evaluator for the local stage (ARGS="tvl.csv")
	@$(BIN)/python -m infra.stage.evaluator $(ARGS)

provider: .venv/installed ## Run a provider of messages in the place of the one beside the local stage (ARGS="--mood {}")
	@$(BIN)/python -m infra.local.provider $(ARGS)

receiver: .venv/installed ## Run a receiver of HTTP requests that fails in named ways (ARGS="--port 8791")
	@$(BIN)/python -m examples.receiver $(ARGS)

# Validation takes three times as long as the synthesis; .ci/run has it on.
test: export CDK_VALIDATION := false
# The processes of a run, and those that they start, compile a module once for all of them.
test soak: export PYTHONDONTWRITEBYTECODE :=
test: .venv/installed .venv/browser node_modules/installed ## Run all tests (ARGS="-k progress")
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

soak: export SOAK := true
soak: .venv/installed ## Run the tests of random histories with many of them (HISTORIES=20000)
	@$(BIN)/pytest -n auto --dist worksteal -m soak $(ARGS)

bench: .venv/bench ## Measure, each figure against its limit
	@$(BIN)/python -m tests.bench

first-minutes: .venv/installed ## Measure from a fresh clone to the end of make up
	@$(BIN)/python -m tests.bench.first_minutes

check: .venv/installed ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

document: .venv/installed ## Write docs/openapi.json, docs/events.* and docs/schema.graphql anew from the code
	@$(BIN)/python -m infra.documents.event_schemas
	@$(BIN)/python -m infra.documents.openapi
	@$(BIN)/python -m infra.documents.schema

costs: .venv/installed ## Count what requests and an idle stage cost, and write the tables of the documents anew
	@WRITE_COSTS=1 $(BIN)/pytest -q tests/costs

lock: .venv/installed ## Pin anew what pyproject.toml asks for (UPGRADE= keeps the versions)
	$(COMPILE) $(UPGRADE) $(BUNDLED) --group dev --group bench --output-file requirements-bench.txt
	$(COMPILE) --constraint requirements-bench.txt $(BUNDLED) --group dev --output-file requirements-dev.txt
	$(COMPILE) --constraint requirements-bench.txt --generate-hashes $(BUNDLED) --output-file requirements.txt
	@for bundle in $(BUNDLES); do \
	  $(COMPILE) --constraint requirements.txt --generate-hashes --group $$bundle --output-file requirements/$$bundle.txt || exit; \
	done

redrive: .venv/installed ## Say what waits in dead-letter queues, or bring it back (STAGE=dev ARGS="AuditLog")
	@$(BIN)/python -m infra.commands.redrive $(or $(STAGE),local) $(ARGS)

republish: .venv/installed ## Send again what the stream could not deliver (STAGE=dev ARGS="--tenant … --since …")
	@$(BIN)/python -m infra.commands.republish $(or $(STAGE),local) $(ARGS)

rotate-keys: .venv/installed ## Make the next signing key now (STAGE=dev); it signs 15 minutes later
	@$(BIN)/python -m infra.commands.rotate_keys $(or $(STAGE),local)

rotate-front: .venv/installed ## Give the front another secret, a step with each run (STAGE=dev)
	@$(BIN)/python -m infra.commands.rotate_front "$(STAGE)"

migrate: .venv/installed ## Bring the table to the shape of this version (STAGE=dev ARGS="--units 100")
	@$(BIN)/python -m infra.commands.migrate $(or $(STAGE),local) $(ARGS)

rebuild-schedules: .venv/installed ## Set all schedules anew, for a stage that has lost them (STAGE=dev ARGS="--messages 8")
	@$(BIN)/python -m infra.commands.rebuild_schedules $(or $(STAGE),local) $(ARGS)

reindex: .venv/installed ## Build an index anew (STAGE=dev COLLECTION=col_…, COLLECTION=tenant_…/books, or TENANT=tenant_…)
	@$(BIN)/python -m infra.commands.reindex $(or $(STAGE),local) "$(or $(COLLECTION),$(TENANT))"

refile: .venv/installed ## Make the files of leads anew from the table (STAGE=dev TENANT=tenant_…)
	@$(BIN)/python -m infra.commands.audience.refile $(or $(STAGE),local) $(TENANT) $(ARGS)

pause-campaigns: .venv/installed ## Pause every campaign that is not over, before a restored stage is opened again (STAGE=dev)
	@$(BIN)/python -m infra.commands.audience.pause_campaigns $(or $(STAGE),local)

restate: .venv/installed ## Have the contexts say how all their subjects are, or some (STAGE=dev ARGS="--tenant tenant_… --context goals")
	@$(BIN)/python -m infra.commands.restate $(or $(STAGE),local) $(ARGS)

export-payments: .venv/installed ## Write the documents and the journal of a tenant that leaves (STAGE=dev ARGS="tenant_… --to folder")
	@$(BIN)/python -m infra.commands.payments.export $(or $(STAGE),local) $(ARGS)

reconcile: .venv/installed ## Compare what search has with what the contexts have (STAGE=dev ARGS="--tenant tenant_…")
	@$(BIN)/python -m infra.commands.reconcile $(or $(STAGE),local) $(ARGS)

trace: .venv/installed ## Show everything of one request, by its X-Request-Id (REQUEST=… STAGE=dev ARGS="--hours 72")
	@$(BIN)/python -m infra.commands.trace $(or $(STAGE),local) "$(REQUEST)" $(ARGS)

logs: .venv/installed ## Show the log lines of a stage (STAGE=dev ARGS="--since 1h --context goals --level ERROR")
	@$(BIN)/python -m infra.commands.logs $(or $(STAGE),local) $(ARGS)

halt: .venv/installed ## Stop all work of a stage; its fronts answer 503, and its queues wait (STAGE=dev)
	@$(BIN)/python -m infra.commands.halt $(or $(STAGE),local)

resume: .venv/installed ## Let a halted stage work again (STAGE=dev)
	@$(BIN)/python -m infra.commands.halt $(or $(STAGE),local) --resume

restore: .venv/installed ## Restore the table into a new one, ready to be adopted (STAGE=dev AT=2026-11-26T11:00:00Z)
	@$(BIN)/python -m infra.commands.restore $(or $(STAGE),local) --at "$(AT)" $(ARGS)

adopt: .venv/installed ## Make a table that was restored otherwise ready to be adopted (STAGE=dev TABLE=…)
	@$(BIN)/python -m infra.commands.adopt $(or $(STAGE),local) "$(TABLE)"

undone: .venv/installed ## Say which security events a restore has undone (STAGE=dev TABLE=… SINCE=2026-11-26T11:00:00Z)
	@$(BIN)/python -m infra.commands.undone $(or $(STAGE),local) --table "$(TABLE)" --since "$(SINCE)"

end-sessions: .venv/installed ## Sign everybody out, with a new signing key, after a restore (STAGE=dev)
	@$(BIN)/python -m infra.commands.end_sessions $(or $(STAGE),local) $(ARGS)

smoke: export SMOKE_STAGE := $(or $(STAGE),local)
smoke: .venv/installed ## Try a deployed stage from a sign-up to a webhook, and clean up (STAGE=dev)
	@$(BIN)/pytest -vv -rs tests/e2e/test_smoke.py $(ARGS)

rehearse-restore: export REHEARSE := true
rehearse-restore: .venv/installed node_modules/installed ## Restore a local stage of its own, from a table to the first webhook after it
	@$(BIN)/pytest -vv tests/e2e/test_restoring.py $(ARGS)

bootstrap: .venv/installed node_modules/installed ## Make what the CDK deploys with, once per account and region (STAGE=dev)
	@$(BIN)/python -m infra.deploying bootstrap "$(STAGE)" $(ARGS)

diff: .venv/installed node_modules/installed ## Show what a deployment would change (STAGE=dev ONLY=goals)
	@$(BIN)/python -m infra.deploying diff "$(STAGE)" $(ARGS)

deploy: .venv/installed node_modules/installed ## Deploy stages/<STAGE>.toml to AWS (STAGE=dev ONLY=goals CONFIRM=prod)
	@$(BIN)/python -m infra.deploying deploy "$(STAGE)" $(ARGS)

destroy: .venv/installed node_modules/installed ## Remove a stage from AWS but for its data, and say what stays (STAGE=dev)
	@$(BIN)/python -m infra.deploying destroy "$(STAGE)"

.venv/installed: requirements-dev.txt cli/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed, this is %d.%d: make PYTHON=…" % sys.version_info[:2])'
	@echo "installing the Python packages …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python requirements-dev.txt
	@$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --editable cli
	@touch $@
	@echo "✓ The Python packages are installed"

.venv/bench: requirements-bench.txt .venv/installed
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements-bench.txt
	@touch $@

.venv/browser: .venv/installed
	@echo "looking for a browser"
	@$(BIN)/python -m tests.browsing.browser
	@touch $@

node_modules/installed: package-lock.json
	@echo "installing the CDK command line …"
	@npm ci --silent --no-progress
	@touch $@
	@echo "✓ The CDK command line is installed"
