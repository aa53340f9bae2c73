# Every target does its own set-up: a machine with Python 3.11, venv, make and git is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Half of the tests wait for a device or a process most of their time: three workers keep two cores busy.
WORKERS := $(shell echo $$(( $$(nproc) * 3 / 2 )))
RUN_READY := $(VENV)/.run-ready

.PHONY: demo docs-pictures test check bench torture fuzz lint clean lock

demo: $(RUN_READY)
	$(BIN)/edge-agent demo

test: $(READY) lint
	$(BIN)/python -m tests.support.skips
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(READY) lint
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

# All of what `make test` runs a sample of, for hours: SCALE=0.01 does a hundredth of it.
SEED ?= 1
SCALE ?= 1
PARSERS := tests/fuzz tests/devices \
	tests/agent/labels/test_conversion.py tests/agent/labels/test_fields.py tests/agent/labels/test_template.py \
	tests/agent/labels/test_zpl_parse.py tests/local_store/test_gs1.py tests/local_store/test_lost_separators.py \
	tests/hq/test_schemathesis_ofs.py tests/agent/test_api_document.py tests/agent/test_api_as_people.py

docs-pictures: $(READY)
	$(BIN)/pytest -q -n 4 --dist loadfile tests/screens
	$(BIN)/python -m tests.screens.docs_pictures

torture: $(READY)
	$(BIN)/python -m tests.torture --seed $(SEED) --scale $(SCALE)

RUNS ?= 10000000

fuzz: $(READY)
	$(BIN)/pip install -q --require-hashes -r requirements/fuzz.lock
	$(BIN)/python -m tests.fuzz --seed $(SEED) --runs $(RUNS)
	$(BIN)/python -m tests.torture.label_fields --seed $(SEED)
	$(BIN)/pytest -q -n auto --timeout 3600 --hypothesis-profile fuzz --hypothesis-seed $(SEED) $(PARSERS)

lock:
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements/run.lock
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements/dev.lock
	uv pip compile requirements/build.in --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements/build.lock
	uv pip compile requirements/fuzz.in --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements/fuzz.lock

clean:
	rm -rf $(VENV) build node_modules .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# hatchling comes from the lock too, so that the build itself downloads nothing unlocked.
$(RUN_READY): requirements/run.lock requirements/build.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --require-hashes -r requirements/run.lock -r requirements/build.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(READY): requirements/dev.lock $(RUN_READY)
	$(BIN)/pip install -q --require-hashes -r requirements/dev.lock
	touch $@
