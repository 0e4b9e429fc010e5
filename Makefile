# Each target runs as it stands: the virtual environment in .venv is made when it is not there.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RESOLUTION := tests/data/E-RES-2017-21.txt

.PHONY: demo test lint check-data train evaluate matrix bench clean

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev,fast,benchmark]'
	touch $(READY)

demo: $(READY)  ## tag ECOSOC resolution 2017/21 paragraph by paragraph
	$(BIN)/wsis-sdg tag $(RESOLUTION)

test: lint  ## lint, types and all tests, the slow ones included
	$(BIN)/python -m pytest -q

lint: $(READY)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-data: $(READY)  ## hold the labelled set against its requirements
	$(BIN)/python scripts/check_data.py

train: $(READY)  ## fit adapter, head and thresholds again from the committed data
	$(BIN)/wsis-sdg train

evaluate: $(READY)  ## reproduce evaluation/results
	$(BIN)/wsis-sdg evaluate --out evaluation/results
	$(BIN)/wsis-sdg evaluate --benchmark sdg --out evaluation/results

bench: $(READY)  ## speed, cold start and memory on this machine
	$(BIN)/wsis-sdg compile
	$(BIN)/python scripts/bench.py

matrix: $(READY)  ## reproduce the official WSIS-SDG Matrix from text: evaluation/MATRIX.md
	$(BIN)/python scripts/reproduce_matrix.py

clean:  ## remove everything that the other targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
