"""A library's PAIA server: ``python -m … PORT FILE``.

Its client's name and secret come in the environment. What it does, by the sections of
PAIA 1.4.0 (https://gbv.github.io/paia/paia.html):

- 2.6 bodies: PAIA auth takes ``application/x-www-form-urlencoded``.
- 2.7 request errors: ``error`` (a code), ``code``, ``error_description``; 401
  ``invalid_grant``, 403 ``insufficient_scope`` and ``access_denied``, 404
  ``not_found``, 503 ``service_unavailable``; ``WWW-Authenticate: Bearer`` with every
  one. Not to tell who is a patron, a server should check the token first and prefer
  ``access_denied`` to ``not_found``: ``secretive`` does.
- 2.8 account state: 0 to 4 as numbers; a server may have states of its own.
- 3.1 patron: GET core/{patron}, scope read_patron; name is mandatory, the rest not.
- 4.1 login: POST auth/login; ``access_token``, ``token_type``, ``scope``,
  ``expires_in``. With client credentials as RFC 6749 has it (4.4, 2.3.1).
"""

import json
import os
import signal
import sys
import time
from base64 import b64decode
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from threading import Event, RLock
from typing import Any
from urllib.parse import unquote, unquote_plus

from onboarding.demo.ports import answers
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.door import Answer, Asked, Door

CORE, LOGIN, DESK = "/core/", "/auth/login", "/"
SCOPES = "read_patron"
STATES = {
    "0": "active",
    "1": "inactive",
    "2": "expired",
    "3": "outstanding fees",
    "4": "expired, outstanding fees",
}


class Library:
    """Patrons by card number, and tokens."""

    def __init__(self, *, client: str, secret: str, file: Path | None = None) -> None:
        """Keep patrons in ``file``, where there is one."""
        self.patrons: dict[str, dict[str, Any]] = {}
        # Token → scopes and end (seconds since the epoch).
        self.tokens: dict[str, tuple[str, float]] = {}
        self.token_lasts = 3600.0
        self.scopes = SCOPES
        self.secretive = False
        self.backend_down = False
        self._client = (client, secret)
        self._lock = RLock()
        self._file = file
        if file and file.exists():
            self.patrons = json.loads(file.read_text(encoding="utf-8"))

    def answer(self, asked: Asked) -> Answer:
        """Answer a request."""
        with self._lock:
            if asked.path == LOGIN:
                return self._log_in(asked)
            if asked.path.startswith(CORE):
                return self._patron(asked)
            if asked.path == DESK:
                return self._desk(asked)
        return _error(404, "not_found", "unknown request URL")

    def link(self, card: str, *, status: object = 0, **more: Any) -> None:
        """Make an account for a card, as the desk does in the library's own system."""
        with self._lock:
            self.patrons[card] = {"name": "Library patron", "status": status, **more}
            if self._file:
                draft = self._file.with_suffix(".draft")
                draft.write_text(json.dumps(self.patrons), encoding="utf-8")
                draft.replace(self._file)

    def give_token(self, scopes: str = SCOPES, *, lasts: float = 3600.0) -> str:
        """Give a token, as the library does by letter."""
        token = token_urlsafe(24)
        self.tokens[token] = (scopes, time.time() + lasts)
        return token

    def _log_in(self, asked: Asked) -> Answer:
        if asked.method != "POST":
            return _error(405, "invalid_request", "POST only", Allow="POST")
        if asked.form.get("grant_type") != "client_credentials":
            return _error(422, "invalid_request", "unsupported grant type")
        if _basic(asked) != self._client:
            return _error(403, "access_denied", "wrong or missing credentials")
        token = self.give_token(self.scopes, lasts=self.token_lasts)
        return _said(
            {
                "access_token": token,
                "token_type": "Bearer",
                "scope": self.scopes,
                "expires_in": int(self.token_lasts),
            }
        )

    def _patron(self, asked: Asked) -> Answer:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        scopes, until = self.tokens.get(token, ("", 0.0))
        if scheme != "Bearer" or until < time.time():
            return _error(401, "invalid_grant", "token missing, invalid or expired")
        if SCOPES not in scopes.split():
            return _error(403, "insufficient_scope", "token lacks permission")
        if self.backend_down:
            return _error(503, "service_unavailable", "the backend is away")
        patron = self.patrons.get(unquote(asked.path.removeprefix(CORE)))
        if patron is None:
            if self.secretive:
                return _error(403, "access_denied", "no access to this patron")
            return _error(404, "not_found", "unknown patron")
        return _said(patron, **{"X-OAuth-Scopes": scopes})

    def _desk(self, asked: Asked) -> Answer:
        """Play the library's own system, in which the desk links a card."""
        card = asked.form.get("card", "").strip()
        state = asked.form.get("state", "")
        if asked.method == "POST" and card and state in STATES:
            self.link(card, status=int(state))
        rows = "".join(
            f"<tr><td>{escape(number)}<td>{escape(STATES.get(str(one['status']), '?'))}"
            for number, one in sorted(self.patrons.items())
        )
        choices = "".join(
            f'<option value="{key}">{word}' for key, word in STATES.items()
        )
        page = PAGE.format(rows=rows, choices=choices)
        return Answer(page.encode(), kind="text/html; charset=utf-8")


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Library system (demo)</title></head>
<body><main><h1>Library system (demo)</h1>
<form method="post"><p><label>Card number <input name="card"></label>
<label>Account <select name="state">{choices}</select></label>
<button>Link the card</button></p></form>
<table><tr><th>Card<th>Account{rows}</table></main></body></html>
"""


def _basic(asked: Asked) -> tuple[str, str]:
    scheme, _, pair = asked.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        return ("", "")
    client, _, secret = b64decode(pair).decode().partition(":")
    return (unquote_plus(client), unquote_plus(secret))


def _said(said: object, **headers: str) -> Answer:
    kind = "application/json; charset=utf-8"
    return Answer(json.dumps(said).encode(), kind=kind, headers=headers)


def _error(status: int, error: str, description: str, **headers: str) -> Answer:
    body = {"error": error, "code": status, "error_description": description}
    return Answer(
        json.dumps(body).encode(),
        status,
        "application/json; charset=utf-8",
        {"WWW-Authenticate": 'Bearer realm="PAIA Core"', **headers},
    )


class Paia:
    """The server as a child of the stage."""

    name = "library"

    def __init__(self, folder: Path, *, port: int, client: str, secret: str) -> None:
        """Keep patrons in ``folder``."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = port
        self.child = Child(
            name=self.name,
            command=[sys.executable, "-m", __name__, str(port), f"{folder}/cards.json"],
            log=folder.with_suffix(".log"),
            environment={
                **os.environ,
                "PAIA_CLIENT_ID": client,
                "PAIA_CLIENT_SECRET": secret,
            },
        )

    def start(self) -> None:
        """Start, and wait until requests are taken."""
        self.child.start()
        self.child.wait_until(lambda: answers(self.port))


def main() -> None:
    """Answer until somebody ends us."""
    library = Library(
        client=os.environ["PAIA_CLIENT_ID"],
        secret=os.environ["PAIA_CLIENT_SECRET"],
        file=Path(sys.argv[2]),
    )
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    door = Door(library.answer, port=int(sys.argv[1]))
    door.open()
    ended.wait()
    door.close()


if __name__ == "__main__":
    main()
