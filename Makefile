# make demo    set up, draw an expression with its gradients, train on real data (into out/)
# make test    set up and run every test
# make test-long  the numerics at length, the planted faults, and the table for the README
# make coverage   which branches of the engine the tests reach
# make check   lint, types, tests: what continuous integration runs
# make notebooks  run the course in real kernels and compare it with what is stored
# make slides     the one-lecture track as one page, out/slides.html
# make house   draw the wings and who imports whom, docs/house.svg
# make bench   the speed of the engine beside its peers
# make dist    the wheel and the source archive, in dist/
# make format  rewrite the code in the project's format
# make clean   delete what the other targets made

PYTHON ?= python3
# The tests start hundreds of interpreters: bytecode is kept between them, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
RUNTIME := .venv/.runtime
INSTALLED := .venv/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A process for each core; the tests of a file stay together. PARALLEL= is one process for all.
PARALLEL ?= --numprocesses logical --dist loadfile --no-loadscope-reorder

.PHONY: demo test test-long coverage check lint types notebooks slides house bench dist format clean

demo: $(RUNTIME)
	$(BIN)/chalkgrad demo --out out

test: $(INSTALLED)
	$(BIN)/python -m pytest $(PARALLEL)

test-long: $(INSTALLED)
	$(BIN)/python -m pytest tests/trust --long
	$(BIN)/python tests/trust/planted_faults.py
	$(BIN)/python tests/trust/planted_in_wings.py
	$(BIN)/python tests/trust/report.py
	$(BIN)/python tests/tools/worksheet_keys.py 1000

coverage: $(INSTALLED)
	$(BIN)/python -m pytest tests/autograd tests/peer_traps tests/dropin autograd --cov=autograd --cov-branch

check: lint types test

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

notebooks: $(INSTALLED)
	$(BIN)/python -m pytest tests/notebooks $(PARALLEL)

slides: $(INSTALLED)
	$(BIN)/python -m nn.command.slides out/slides.html

house: $(INSTALLED)
	$(BIN)/python tests/tools/house.py

bench: $(INSTALLED)
	$(PIP) --editable ".[benchmarks]"
	$(BIN)/python benchmarks/eager.py
	$(BIN)/python -m benchmarks.compiled
	$(BIN)/python -m benchmarks.newton
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/diagnosis.py

dist: $(INSTALLED)
	$(PIP) build
	$(BIN)/python -m build --outdir dist

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# Two marks: .runtime for what the program needs, .installed for what its developers need besides.
# A mark that is older than pyproject.toml is made anew. For the program pip compiles nothing: Python
# does it at the first import, and most modules are never imported. The tests start many processes,
# so for them everything is compiled at once, on all cores.
$(RUNTIME): pyproject.toml | .venv
	$(PIP) --no-compile --editable ".[data]"
	touch $@

# pip from 25.1 knows dependency groups; a new virtual environment may bring an older one.
$(INSTALLED): pyproject.toml | .venv
	$(PIP) --upgrade "pip>=25.1"
	$(PIP) --no-compile --editable ".[data]" --group dev
	$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null || true
	touch $(RUNTIME) $@

.venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chalkgrad needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
