PYTHON ?= python3.11
V := .venv/bin

.PHONY: setup run test check protos bench faults day eval format

setup: .venv/ready

# The last two lines leave machine code and byte code behind, also where the environment lets nobody write byte code later:
# without it every process takes three seconds longer to start.
.venv/ready: requirements.lock pyproject.toml
	test -x $(V)/python || $(PYTHON) -m venv .venv
	$(V)/python -m pip install --quiet --no-deps --no-compile --require-hashes -r requirements.lock
	$(V)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	PYTHONDONTWRITEBYTECODE= $(V)/python -m servers.scanner.warm_up
	PYTHONDONTWRITEBYTECODE= $(V)/python -c "import servers.compose, bots.console.chat, bots.console.scan, bots.console.stream"
	touch $@

run: setup
	$(V)/kstock up

format: setup
	$(V)/ruff format .
	$(V)/ruff check --fix --quiet .

# Everything that guards one commit; about a minute.
check: setup
	$(V)/ruff format --check --quiet .
	$(V)/ruff check --quiet .
	$(V)/mypy
	$(V)/lint-imports --no-cache --no-logo
	$(V)/buf lint
	$(MAKE) --silent protos && git diff --exit-code --stat -- protos docs/reference
	$(V)/pytest tests/unit tests/contract -q -n 2 --dist worksteal

# All tests with coverage; a seeded sample of faults is among them.
test: setup
	$(V)/python -m slipcover --source shared,servers,bots --skip-covered -m pytest -q -n 2 --dist worksteal

# Every seed of the fault tests.
faults: setup
	FAULT_SEEDS=all $(V)/pytest tests/faults -q -n 2

# A whole invented trading day at 120 times its pace, 08:25 to midnight, with watchers that are killed; eight minutes.
day: setup
	$(V)/python -m tests.day

# Figures of speed, each beside its alternative in the same run.
bench: setup
	$(V)/python -m tests.bench

# Our questions to the chat service on a simulated market, in their own words and spoiled; the report also as a page.
eval: setup
	$(V)/kstock eval chat tests/eval/questions tests/fixtures/chat_questions.yaml --noise all --html var/eval.html

PROTOS := $(sort $(wildcard protos/kstock/*/v1/*.proto))
SERVICES := $(filter %_service.proto,$(PROTOS))

# Generated code beside the protos, and the reference page from their comments. Needs no network.
protos: setup
	PATH="$(CURDIR)/$(V):$$PATH" $(V)/python -m grpc_tools.protoc -I protos --python_out=protos --pyi_out=protos $(PROTOS)
	PATH="$(CURDIR)/$(V):$$PATH" $(V)/python -m grpc_tools.protoc -I protos --grpc_python_out=protos --mypy_grpc_out=quiet:protos $(SERVICES)
	$(V)/python tools/make_reference.py
