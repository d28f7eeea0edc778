# Everything a newcomer needs: `make run`, `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Folder of the warehouse, and options of `aftersales run` such as `ARGS="--scale region --port 4001"`.
WAREHOUSE ?= var
ARGS ?=

export PATH := $(CURDIR)/$(BIN):$(PATH)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export CUBEJS_TELEMETRY := false

# Two processes, each with whole files in the order of their names: some long files hold one test.
WORKERS := -n 2 --dist loadfile --no-loadscope-reorder
CODE := scripts tests expectations benchmarks
REQUIREMENTS := pyproject.toml constraints.txt
CUBE := semantic/node_modules/.installed

comma := ,
# $(call step,name,command): run a command, say what it was and how long it took. The subshell makes
# a failure of any part of the command end the recipe.
define step
	@printf '\n── %s\n' "$(1)"; started=$$SECONDS; ( $(2) ); printf '   %s: %d s\n' "$(1)" $$((SECONDS - started))
endef

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Make the demo company, build, audit, publish, serve; ends with first numbers
	@aftersales run --home $(WAREHOUSE) $(ARGS)

.PHONY: test
test: setup $(VENV)/.stamp-dev ## Run every check and test except Spark's
	$(call step,ruff,ruff check $(CODE) && ruff format --check $(CODE))
	$(call step,mypy,mypy)
	$(call step,sqlfluff,sqlfluff lint --disable-progress-bar -p 2 models tests/data)
	$(call step,node tests,npm --prefix semantic test --silent)
	$(call step,pytest,pytest $(WORKERS) --durations=10 --ignore=tests/spark)

.PHONY: test-spark
test-spark: $(VENV)/.stamp-dev $(VENV)/.stamp-spark ## Build on Spark and compare every public table with DuckDB's (needs Java 17)
	$(call step,spark,pytest --durations=5 tests/spark)

.PHONY: bench
bench: setup ## Measure build times, memory and API latency; writes a table (takes long)
	@PYTHONPATH=.:tests python -m benchmarks $(ARGS)

.PHONY: docs
docs: setup ## Build the metric dictionary, dbt docs and Data Docs as pages in the warehouse folder
	@aftersales docs --home $(WAREHOUSE)

.PHONY: questions
questions: setup ## Ask the questions of docs/questions.yml in WAREHOUSE and write docs/questions.md
	@PYTHONPATH=. python -m benchmarks.questions --home $(WAREHOUSE) $(ARGS)

.PHONY: worked-examples
worked-examples: setup ## Write docs/worked-examples.md from tests/golden/cases.csv
	@PYTHONPATH=tests python -m golden.page

.PHONY: forecast-report
forecast-report: setup ## Write docs/forecast.md from the version published in WAREHOUSE (more with ARGS="--home …")
	@PYTHONPATH=. python -m benchmarks.forecast --home $(WAREHOUSE) $(ARGS)

.PHONY: identity-report
identity-report: setup ## Write docs/identity.md from the demo company published in WAREHOUSE (beside splink with ARGS=--splink)
	@PYTHONPATH=. python -m benchmarks.identity --home $(WAREHOUSE) $(ARGS)

.PHONY: normal-report
normal-report: setup ## Judge clean years by the rules that learn the normal, and write docs/normal.md
	@PYTHONPATH=. python -m benchmarks.normal $(ARGS)

.PHONY: verify
verify: setup ## Recompute every measure from landed records, compare with the API (ARGS="--scale small" or "--home var")
	@PYTHONPATH=. python -m tests.semantic.independent $(ARGS)

.PHONY: lint
lint: $(VENV)/.stamp-dev ## Check style and types only
	$(call step,ruff,ruff check $(CODE) && ruff format --check $(CODE))
	$(call step,mypy,mypy)
	$(call step,sqlfluff,sqlfluff lint --disable-progress-bar -p 2 models tests/data)

.PHONY: format
format: $(VENV)/.stamp-dev ## Put Python and SQL into the house style
	@ruff check --fix-only --quiet $(CODE); ruff format $(CODE)
	@sqlfluff fix --disable-progress-bar -p 2 models tests/data

.PHONY: setup
setup: $(VENV)/.stamp-run $(CUBE) ## Install Python packages and Cube, nothing else

.PHONY: clean
clean: ## Remove what was built and installed; the warehouse folder stays
	rm -rf $(VENV) semantic/node_modules target logs .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.stamp-uv: constraints.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed: install it, or name it with 'make PYTHON=/path/to/python3.11 …'." >&2; exit 1; }
	$(call step,virtual environment,$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv)
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-uv $(REQUIREMENTS)
	$(call step,python packages,uv pip install --quiet --python $(BIN)/python -c constraints.txt -e .)
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-run
	$(call step,packages for tests,uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]')
	@touch $@

$(VENV)/.stamp-spark: $(VENV)/.stamp-dev
	@java -version >/dev/null 2>&1 || { echo "Spark needs Java 17: install it and put java on the PATH." >&2; exit 1; }
	$(call step,packages for Spark,uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev$(comma)spark]')
	@touch $@

$(CUBE): $(VENV)/.stamp-run semantic/package.json semantic/package-lock.json
	$(call step,Cube,python -m aftersales.serving.install)
	@touch $@
