"""Where the tests' servers listen, fixed before Django reads its settings.

Loaded with ``-p`` (see pyproject.toml), because pytest-django imports the settings
before any conftest. Nothing is started here: fixtures start what a test asks for.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from onboarding.demo import ports
from onboarding.demo.ports import LOOPBACK, free_port

# Tests that run beside these (``pytest -n 3``) have ports of their own.
_BESIDE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
_SHARE = len(ports.CHOICE) // 4
ports.CHOICE = ports.CHOICE[_BESIDE * _SHARE : (_BESIDE + 1) * _SHARE]

STATE_DIR = Path(tempfile.mkdtemp(prefix="start-portal-tests-"))
# PostgreSQL and slapd run under names of their own and must get in.
STATE_DIR.chmod(0o755)
# WhiteNoise looks for it at every start.
(STATE_DIR / "static").mkdir()
LDAP_BASE = "dc=leuphana,dc=example"

LDAP_PORT = free_port()
REDIS_PORT = free_port(besides=frozenset({LDAP_PORT}))
SMTP_PORT = free_port(besides=frozenset({LDAP_PORT, REDIS_PORT}))
POSTGRES_PORT = free_port(besides=frozenset({LDAP_PORT, REDIS_PORT, SMTP_PORT}))
_CHOSEN = frozenset({LDAP_PORT, REDIS_PORT, SMTP_PORT, POSTGRES_PORT})
IMAP_PORT = free_port(besides=_CHOSEN)
LMTP_PORT = free_port(besides=_CHOSEN | {IMAP_PORT})

REDIS_PASSWORD = secrets.token_urlsafe(12)
PORTAL_PASSWORD = secrets.token_urlsafe(12)
PROVISIONER_PASSWORD = secrets.token_urlsafe(12)

# ``DATABASE=postgresql pytest -m rules`` runs the tests on a private PostgreSQL.
ON_POSTGRESQL = os.environ.get("DATABASE", "sqlite") == "postgresql"
DATABASE_URL = (
    f"postgresql://postgres@{LOOPBACK}:{POSTGRES_PORT}/portal"
    if ON_POSTGRESQL
    else f"sqlite:///{STATE_DIR}/portal.sqlite3"
)

os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "onboarding.settings.testing",
        "STATE_DIR": str(STATE_DIR),
        "DATABASE_URL": DATABASE_URL,
        "LDAP_URL": f"ldap://{LOOPBACK}:{LDAP_PORT}",
        "LDAP_BASE": LDAP_BASE,
        "LDAP_PORTAL_PASSWORD": PORTAL_PASSWORD,
        "LDAP_PROVISIONER_PASSWORD": PROVISIONER_PASSWORD,
        "REDIS_URL": f"redis://:{REDIS_PASSWORD}@{LOOPBACK}:{REDIS_PORT}/0",
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": str(SMTP_PORT),
        # Playwright's own loop runs in the thread in which a story asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
)
atexit.register(shutil.rmtree, STATE_DIR, ignore_errors=True)
