# Plateia. `make run` builds what is missing and serves; `make test` checks all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Matrices here are small: BLAS's threads would only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: run build serve test lint types check-dbt pytest setup setup-dev \
	evaluate bench bench-scale chaos audit notebooks docs explore video lock clean help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime  ## build what is missing (sample data if none can be had), then serve
	$(BIN)/python -m models_ml build --or-sample
	@$(MAKE) --no-print-directory serve

build: $(VENV)/.runtime  ## data, warehouse, training, release
	$(BIN)/python -m models_ml build

serve: $(VENV)/.runtime  ## the API and its page alone
	exec $(BIN)/python -m api

test: setup-dev lint types check-dbt pytest  ## every check

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

check-dbt:
	$(BIN)/sqlfluff lint --processes 2 dbt_project

pytest:
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term

evaluate: $(VENV)/.runtime  ## measure on the test folds, write docs/evaluation.md
	$(BIN)/python -m models_ml evaluate

bench: $(VENV)/.runtime  ## time the build, load the API from another process
	$(BIN)/python -m benchmarks.build
	$(BIN)/python -m benchmarks

chaos: setup-dev  ## kill, damage and cut on purpose, write docs/reliability.md
	$(BIN)/python -m tools.chaos

audit: $(VENV)/.runtime  ## known vulnerabilities of what is locked, and a bill of materials
	$(PYTHON) -m venv .cache/audit
	.cache/audit/bin/python -m pip install --quiet \
		--disable-pip-version-check pip-audit==2.10.1
	$(BIN)/python -m tools.audit --python .cache/audit/bin/python

bench-scale: $(VENV)/.runtime  ## 1 to 100 M generated ratings, into docs/scaling.md
	$(BIN)/python -m benchmarks.scale

notebooks: setup-dev  ## run the notebooks, into $$PLATEIA_HOME/notebooks
	$(BIN)/python -m models_ml build
	@ls $${PLATEIA_HOME:-var}/runs/few_ratings-*.json >/dev/null 2>&1 || \
		$(BIN)/python -m models_ml evaluate
	$(BIN)/python -m notebooks.run

explore: setup-dev  ## SQL on the warehouse; ready queries: docs/explore.md
	$(BIN)/python -m notebooks.explore

docs: $(VENV)/.runtime  ## dbt's documentation, in target/static_index.html
	$(BIN)/dbt docs generate --static
	@echo "open target/static_index.html"

video: setup-dev  ## make the video from docs/video/roteiro.md
	$(BIN)/python -m tools.video film

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# Bytecode is compiled and dbt's project parsed here, once, so that no command
# pays for it later.
$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	@echo "installing the locked packages (about a minute)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.lock
	$(BIN)/python -m compileall -q models_ml api
	$(BIN)/dbt parse --quiet --target parse --target-path target/parse
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "installing the locked packages for the checks"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-dev.lock
	@touch $@

lock:  ## resolve pyproject.toml again into the lock files
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet uv
	.cache/uv/bin/uv pip compile pyproject.toml --quiet --generate-hashes \
		--universal --no-strip-extras --python-version 3.11 \
		--no-annotate --no-header -o requirements.lock
	.cache/uv/bin/uv pip compile pyproject.toml --extra dev --extra notebooks \
		--extra otel --constraint requirements.lock --quiet --generate-hashes \
		--universal --no-strip-extras --python-version 3.11 \
		--no-annotate --no-header \
		-o requirements-dev.lock
	for extra in spark otel; do \
		.cache/uv/bin/uv pip compile pyproject.toml --extra $$extra \
			--constraint requirements.lock --quiet --generate-hashes \
			--universal --no-strip-extras --python-version 3.11 \
			--no-annotate --no-header \
			-o requirements-$$extra.lock || exit; \
	done

clean:  ## what dbt and the checks leave; data and releases stay
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache
