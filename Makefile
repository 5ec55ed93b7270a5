# Everything runs in a virtual environment that make creates itself; nothing else is needed but Python 3.11+.
PYTHON ?= python3
# the lowest versions have no builds for the newest Pythons
OLDEST_PYTHON ?= $(shell command -v python3.11 || echo $(PYTHON))
MINUTES ?= 1
# "hosts and not officejs" leaves out what is under a licence of its own, "and not wine" what needs Wine
HOSTS ?= hosts

# the tests start some hundred processes of ours, and each would compile all modules anew
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
LOWEST := $(VENV)/lowest
CORE_INSTALLED := $(VENV)/.core-installed
TESTS_INSTALLED := $(VENV)/.tests-installed
LOWEST_INSTALLED := $(LOWEST)/.tests-installed
SERVERS := $(VENV)/servers
SERVERS_INSTALLED := $(SERVERS)/.installed
SPARK := $(VENV)/spark
SPARK_INSTALLED := $(SPARK)/.tests-installed

# what reads files, definitions and other libraries' errors, what writes reports, and the wheel
LOWEST_TESTS := tests/files tests/tables tests/binding tests/reading tests/catalog tests/report tests/contracts \
  tests/test_package.py tests/test_patterns.py

# in variables, as a comma would end an argument of call
TEST_EXTRAS := [test,dev,oracles,bench,mcp,sql]
LOWEST_EXTRAS := [test,fast,oracles]
# in an environment of its own: Spark takes 500 MB
SPARK_EXTRAS := [test,spark]

# $(1): the file of constraints, $(2): the environment, $(3): the extras
install = PIP_CONSTRAINT=constraints/$(1).txt $(2)/bin/python -m pip install --quiet \
  --disable-pip-version-check --editable ".$(3)"

.DEFAULT_GOAL := help
.PHONY: help demo test check deep lowest hosts hosts-officejs hosts-wine servers fuzz coverage mutants bench language constraints clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: $(CORE_INSTALLED) ## evaluate the example workbook
	$(BIN)/metricsheet evaluate examples/acme_lifecycle.xlsx --period quarter

test: $(TESTS_INSTALLED) ## run the tests: of random cases a hundred at most, of large tables a sample
	$(BIN)/python -m pytest

check: $(TESTS_INSTALLED) ## run ruff, codespell and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy

deep: $(TESTS_INSTALLED) ## run the tests with every case, nothing shared between them
	METRICSHEET_TESTS=deep $(BIN)/python -m pytest

lowest: $(LOWEST_INSTALLED) ## test reading, definitions, reports and the wheel on the lowest versions allowed
	$(LOWEST)/bin/python -m pytest $(LOWEST_TESTS)

hosts: $(TESTS_INSTALLED) ## ask every host; LibreOffice, Chromium, Node and Wine must be installed
	$(BIN)/python -m pytest -rs -m "$(HOSTS)" tests/hosts

hosts-officejs: $(TESTS_INSTALLED) ## of the hosts those under xlwings' licence for what earns nothing
	$(BIN)/python -m pytest -rs -m "hosts and officejs and not wine" tests/hosts

hosts-wine: $(TESTS_INSTALLED) ## of the hosts Python for Windows under Wine, asked through real COM
	$(BIN)/python -m pytest -rs -m "hosts and wine and not officejs" tests/hosts

servers: $(TESTS_INSTALLED) $(SERVERS_INSTALLED) $(SPARK_INSTALLED) ## compare with PostgreSQL and Spark (which needs Java), dbt with MetricFlow, and Sidemantic
	$(BIN)/python -m pytest -rs -m servers tests/servers tests/export --ignore tests/servers/test_spark.py
	$(SPARK)/bin/python -m pytest -rs -m servers tests/servers/test_spark.py

fuzz: $(TESTS_INSTALLED) ## look for new failures: MINUTES=5, and SEED=n to repeat what was found
	$(BIN)/python -m tests.fuzzing --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

coverage: $(TESTS_INSTALLED) ## run the tests and list the branches that none of them takes
	$(BIN)/python -m coverage run -m pytest
	$(BIN)/python -m coverage report

mutants: $(TESTS_INSTALLED) ## change the code in small ways and list the changes that no test notices
	$(BIN)/python -m tests.mutants

bench: $(TESTS_INSTALLED) ## compare with other tools
	$(BIN)/python -m benchmarks

language: $(TESTS_INSTALLED) ## write what CLDR knows (months, marks, currencies) into the language modules
	$(BIN)/python -m tests.language.cldr

constraints: ## take the newest versions of everything into constraints/
	$(PYTHON) constraints/refresh.py

clean: ## delete everything that make made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(CORE_INSTALLED): pyproject.toml constraints/newest.txt
	$(PYTHON) -m venv $(VENV)
	$(call install,newest,$(VENV),)
	touch $@

$(TESTS_INSTALLED): pyproject.toml constraints/newest.txt
	$(PYTHON) -m venv $(VENV)
	$(call install,newest,$(VENV),$(TEST_EXTRAS))
	touch $@ $(CORE_INSTALLED)

$(LOWEST_INSTALLED): pyproject.toml constraints/lowest.txt
	$(OLDEST_PYTHON) -m venv $(LOWEST)
	$(call install,lowest,$(LOWEST),$(LOWEST_EXTRAS))
	touch $@

$(SPARK_INSTALLED): pyproject.toml constraints/newest.txt
	$(PYTHON) -m venv $(SPARK)
	$(call install,newest,$(SPARK),$(SPARK_EXTRAS))
	touch $@

# what runs beside us, in an environment of its own
$(SERVERS_INSTALLED): constraints/servers.txt
	$(PYTHON) -m venv $(SERVERS)
	$(SERVERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement constraints/servers.txt
	touch $@
