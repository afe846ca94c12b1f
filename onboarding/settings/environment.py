"""The process environment, read here and nowhere else.

A secret may come from a file: ``NAME_FILE`` names it, ``NAME`` gives it directly.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Give the value of ``name``; without a default, its absence is an error."""
    value = os.environ.get(name, default)
    if value is None:
        message = f"The environment variable {name} is not set."
        raise ImproperlyConfigured(message)
    return value


def secret(name: str, default: str | None = None) -> str:
    """Give a secret from the file that ``NAME_FILE`` names, else from ``NAME``."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    return text(name, default)


def number(name: str, default: int) -> int:
    """Give a whole number."""
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError as wrong:
        message = f"{name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(message) from wrong


def switch(name: str, *, default: bool) -> bool:
    """Give a yes or no, written as 1, 0, true, false, yes, no, on or off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    message = f"{name} must be yes or no, not {value!r}."
    raise ImproperlyConfigured(message)


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Give a list that is written with commas."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]


def database(name: str, default: str) -> dict[str, object]:
    """Give Django's database settings for ``sqlite:///path`` or ``postgresql://…``."""
    url = urlsplit(secret(name, default))
    if url.scheme == "sqlite":
        return _sqlite(Path(unquote(url.path)))
    if url.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 3,
                "options": (
                    "-c lock_timeout=3s -c statement_timeout=20s"
                    " -c idle_in_transaction_session_timeout=30s"
                ),
            },
        }
    message = f"{name} must begin with sqlite:/// or postgresql://."
    raise ImproperlyConfigured(message)


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue at the start of a transaction instead of failing in it.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA foreign_keys=ON;"
            ),
        },
    }
