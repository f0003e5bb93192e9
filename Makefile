PYTHON ?= python3.11
V := .venv/bin

.PHONY: setup run test check protos bench faults eval format

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	test -x $(V)/python || $(PYTHON) -m venv .venv
	$(V)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(V)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

run: setup
	$(V)/kstock up

format: setup
	$(V)/ruff format .
	$(V)/ruff check --fix --quiet .
