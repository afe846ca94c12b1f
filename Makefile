# The two commands: `make run` shows the portal, `make test` proves it.

PORT ?= 8000
STATE_DIR ?= .state
export PORT STATE_DIR COHORT LAYOUT

PYTHON := .venv/bin/python
BIN := .venv/bin
# Enough of an environment for commands that only look at the code.
QUIET_SETTINGS := DJANGO_SETTINGS_MODULE=onboarding.settings.production \
	SECRET_KEY=only-for-looking-at-the-code-never-for-a-running-portal \
	ALLOWED_HOSTS=start.leuphana.example PORTAL_URL=https://start.leuphana.example \
	LDAP_URL=ldaps://directory.leuphana.example \
	DATABASE_URL=sqlite:////nonexistent/portal.sqlite3

.PHONY: run manage test check fmt messages bench pictures setup-run setup-test

run: setup-run
	@exec $(PYTHON) -m onboarding.demo.stage

# make manage CMD="import_enrolment export.csv --dry-run"
manage: setup-run
	@exec $(PYTHON) -m onboarding.demo.manage $(CMD)

# Everything on SQLite, then the rules of the domain once more on PostgreSQL.
test: setup-test
	$(BIN)/pytest -n 3 --dist worksteal
	DATABASE=postgresql $(BIN)/pytest -n 3 --dist worksteal -m rules

check: setup-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy accounts onboarding worker tests manage.py
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(QUIET_SETTINGS) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations \
		--check --dry-run
	$(QUIET_SETTINGS) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(BIN)/pytest tests/house/test_translations.py

fmt: setup-test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

messages: setup-test
	$(QUIET_SETTINGS) $(PYTHON) manage.py makemessages --all --no-obsolete \
		--add-location file --ignore node_modules --ignore .venv --ignore tests

bench: setup-test
	@exec $(PYTHON) -m tests.bench

pictures: setup-test
	@exec $(PYTHON) -m tests.pictures

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test
