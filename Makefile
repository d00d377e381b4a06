# Two commands: `make run` starts the product, `make test` proves it. `make help` lists the rest.
#
# PORT, HOST and DATA_DIR may come from the environment or the command line:
#     make run PORT=8001 DATA_DIR=/srv/karla

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT HOST DATA_DIR

.DEFAULT_GOAL := help
.PHONY: run carriers test faults check audit sbom bench pictures format dist lock clean help

run: $(VENV)/run.stamp ## Start everything on PORT (8000) with its data in DATA_DIR (.data)
	@exec $(BIN)/python -m karla_portal.supervisor

carriers: $(VENV)/run.stamp ## Install what asking carriers takes (karrio); then restart
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-carriers.txt

test: $(VENV)/dev.stamp ## Run the whole suite; ARGS="-k word" narrows it
	@exec $(BIN)/python -m pytest $(ARGS)

faults: $(VENV)/dev.stamp ## Kill real processes, slow and cut their network, under load; ARGS="-k word" narrows it
	@exec $(BIN)/python -m pytest --numprocesses=0 -m faults tests/faults $(ARGS)

check: $(VENV)/dev.stamp ## Format, lint, types, import floors, templates, migrations, written pages, deployment, security
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	find . -path ./$(VENV) -prune -o -path ./.data -prune -o -path '*/templates/*.html' -print0 \
		| xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py describe_events --check
	$(BIN)/python manage.py texts --check
	BASE_URL=https://shop.example $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive .
	$(BIN)/python -m checks.licences
	$(BIN)/python -m checks.audit

audit: $(VENV)/dev.stamp ## Look for known vulnerabilities in what is pinned
	$(BIN)/python -m checks.audit

sbom: $(VENV)/dev.stamp ## Write dist/sbom.json: what the product is made of, with licences (CycloneDX)
	$(BIN)/python -m checks.licences --sbom dist/sbom.json

bench: $(VENV)/dev.stamp ## Run the benchmarks; ARGS goes to them
	@exec $(BIN)/python -m benchmarks $(ARGS)

pictures: $(VENV)/dev.stamp ## Take the pictures of README and docs anew, of the demo shop
	@exec $(BIN)/python -m pictures

format: $(VENV)/dev.stamp ## Rewrite the code as `make check` wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	find . -path ./$(VENV) -prune -o -path ./.data -prune -o -path '*/templates/*.html' -print0 \
		| xargs -0 -r $(BIN)/djade --target-version 5.2

dist: $(VENV)/dev.stamp ## Build the wheel and the source distribution into dist/
	$(BIN)/hatchling build -d dist

UV := .data/uv/bin/uv
COMPILE := $(UV) pip compile -q $(ARGS) --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header

lock: $(UV) ## Pin what pyproject.toml asks for; ARGS=--upgrade renews the pins
	$(COMPILE) --extra embedded pyproject.toml -o requirements.txt
	$(COMPILE) --group carriers -c requirements.txt -o requirements-carriers.txt
	$(COMPILE) --group otel -c requirements.txt -o requirements-otel.txt
	$(COMPILE) --group s3 -c requirements.txt -o requirements-s3.txt
	$(COMPILE) --group dev -c requirements.txt -c requirements-carriers.txt -c requirements-otel.txt -c requirements-s3.txt -o requirements-dev.txt

$(UV):
	$(PYTHON) -m venv .data/uv
	.data/uv/bin/pip install --quiet uv

clean: ## Remove what can be made again; DATA_DIR stays
	rm -rf $(VENV) dist .data/uv .data/test .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Stamps: newer than the requirements they stand for, so that a second run installs nothing.

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not: make run PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) with `$(PYTHON) --version`"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements.txt $(VENV)/python.stamp
	@echo "Installing requirements.txt"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing requirements-dev.txt"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
