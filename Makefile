# Two commands for a start: `make demo` (the portal with everything it needs) and `make test`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
RUN := $(BIN)/python
LOCKS := requirements.txt requirements-dev.txt requirements-local.txt
STAMP := .venv/installed
NOT_SHORT := long or soak or bench
# Three workers, because tests wait much; WORKERS=0 runs everything in one process.
WORKERS ?= 3
LONG_WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long soak bench signature-check screenshots lint format lock

help:
	@echo 'make demo       the portal with database, broker, sandbox and sample data, until Ctrl-C'
	@echo 'make test       the tests (make test-long, make soak, make bench: longer ones)'
	@echo 'make signature-check   webhook signatures against the Ruby library, where Ruby is'
	@echo 'make screenshots   the pictures in docs/images, taken from a demo of its own'
	@echo 'make install    .venv with everything, nothing started'
	@echo 'make lint       ruff and mypy;  make format;  make lock: requirements anew'

install: $(STAMP)

# The stamp is newer than the locks when what they name is installed.
$(STAMP): $(LOCKS)
	@test -n "$(PYTHON)" || { echo 'No Python 3.11 or newer found; name one: make PYTHON=/path/to/python3.11'; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(RUN) -m ensurepip --upgrade >/dev/null
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes $(LOCKS:%=-r %)
	@touch $@

demo: install
	@exec $(RUN) -m partnerportal.local demo --with-parent

test: install
	$(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not ($(NOT_SHORT))' $(ARGS)

test-long: install
	$(RUN) -m pytest -n $(LONG_WORKERS) --dist loadfile -m 'long and not (soak or bench)' --no-loadscope-reorder $(ARGS)

soak: install
	$(RUN) -m pytest -m soak --timeout=0 -s $(ARGS)

bench: install
	$(RUN) -m pytest -m bench --timeout=0 -s $(ARGS)

# The pictures of README, taken from a demo of its own.
screenshots: install
	$(RUN) -m tests.screenshots

# The webhook signature against Debian's ruby-oauth (apt-get install ruby ruby-oauth); skipped without it.
signature-check: install
	SIGNATURE_BODIES=100000 $(RUN) -m pytest tests/inboxhealth/test_signature_against_ruby.py $(ARGS)

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-local.in -o requirements-local.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt
