# make serve: set up, build the index, serve the chat.   make test: set up, run every test.
# make quality: how good answers are, and whether the release gates are kept; SETS=folder names more question sets,
# OUT=file keeps all figures as JSON, ABLATION=1 takes each part of the product away in turn.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HF_HUB_OFFLINE := 1
# One project, one set of pins: what pyproject.toml asks for, in the versions of constraints.txt.
STAMP := $(VENV)/.installed

.PHONY: serve test setup index lint format bench quality clean

serve: index
	@$(BIN)/temsiqa serve

test: setup
	@sh tests/browser/install_chromium.sh
	$(BIN)/pytest

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "setting up $(VENV) (a few minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "temsiqa needs Python 3.11 or newer: install it, or name it: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make a virtual environment: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,langchain]'
	@touch $(STAMP)

index: setup
	@$(BIN)/temsiqa index

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/temsiqa corpus check

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: index
	$(BIN)/python -m benchmarks.latency

SETS ?= ../shared
quality: setup
	@$(BIN)/python -m benchmarks.quality $(SETS) $(if $(OUT),--out $(OUT)) $(if $(ABLATION),--ablation)

clean:
	rm -rf $(VENV) indexes/*/ indexes/CURRENT
