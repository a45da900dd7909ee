# hattama. `make` alone lists what can be asked. Every target sets up what it needs and can be run first.

HERE := $(dir $(lastword $(MAKEFILE_LIST)))
PYTHON_IN_VENV := .venv/bin/python
CHECKED := ocr tally cli samples
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench train lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(HERE)Makefile

setup:  ## install what is missing into the system and .venv (the others do this by themselves)
	@$(HERE).ci/setup.sh

demo: setup  ## the three disputes, from photos to differences, in demo-out/
	@cd $(HERE) && .venv/bin/hattama demo --out demo-out || test $$? -eq 1  # 1: worked, and found differences

test:  ## run the tests
	@$(HERE).ci/setup.sh test
	@cd $(HERE) && $(PYTHON_IN_VENV) -m pytest $(ARGS)

check: setup  ## format, lint, types, import direction, documents
	@cd $(HERE) && $(PYTHON_IN_VENV) -m ruff format --check --quiet --output-format concise . \
	  || { echo "check: some files are not formatted; run 'make format'"; exit 1; }
	@cd $(HERE) && $(PYTHON_IN_VENV) -m ruff check --quiet --output-format concise .
	@cd $(HERE) && $(PYTHON_IN_VENV) -m mypy --no-error-summary $(CHECKED)
	@cd $(HERE) && $(PYTHON_IN_VENV) -m pytest -q tests/test_architecture.py tests/test_docs.py

format: setup  ## format the code and apply the safe fixes
	@cd $(HERE) && $(PYTHON_IN_VENV) -m ruff check --fix --quiet . ; $(PYTHON_IN_VENV) -m ruff format --quiet .

bench: setup  ## measure accuracy and speed
	@cd $(HERE) && OMP_NUM_THREADS=1 $(PYTHON_IN_VENV) -m benchmarks $(ARGS)

train:  ## train the readers of digits, of print and of words again, in .venv-train
	@$(HERE).ci/setup.sh train
	@cd $(HERE) && .venv-train/bin/python -m ocr.train $(ARGS)
	@cd $(HERE) && { { .venv-train/bin/python -m ocr.train.printed && .venv-train/bin/python -m ocr.train.inwords; } & \
	  beside=$$!; .venv-train/bin/python -m ocr.train.inwords.body_main && wait $$beside \
	  && .venv-train/bin/python -m ocr.train.inwords.latin; }

lock: setup  ## work out requirements.lock again from pyproject.toml (ARGS=--upgrade for newer versions)
	@cd $(HERE) && { test -x .venv-lock/bin/uv || { $(PYTHON_IN_VENV) -m venv .venv-lock \
	  && .venv-lock/bin/python -m pip install --quiet uv==$(UV_VERSION); }; }
	@cd $(HERE) && .venv-lock/bin/uv pip compile pyproject.toml --quiet --system-certs --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --output-file requirements.lock $(ARGS)

clean:  ## remove what can be made again (the training data and .venv-train stay)
	@cd $(HERE) && rm -rf .venv .venv-lock build dist demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@cd $(HERE) && find . -name __pycache__ -type d -prune -exec rm -rf {} +
