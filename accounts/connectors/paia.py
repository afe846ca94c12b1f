"""PAIA: the library tells whether a card's account works; nothing is ever written.

Protocol: PAIA 1.4.0 (gbv.github.io/paia). It has no call that makes an account, and the
portal knows no one's library password: it asks with an identity of its own.
"""

import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import quote, quote_plus

from accounts.catalogue.systems import PAIA
from accounts.connectors.contract import (
    AS_FOUND,
    AsFound,
    Found,
    Outcome,
    Step,
    Subject,
    TemporaryFailure,
)
from accounts.connectors.http import Client, Reply, refused

# Seconds of asking in one batch; whoever is left has a turn in the next.
LONGEST = 45.0
LATER = TemporaryFailure("later")
SCOPE = "read_patron"
# A number that no card has.
NO_CARD = "0000000000"
OK = 200


class AccountState(IntEnum):
    """PAIA 2.8, "account state"."""

    ACTIVE = 0
    INACTIVE = 1
    EXPIRED = 2
    FEES = 3
    EXPIRED_AND_FEES = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: a token that the library issued, or what gets one."""

    token: str = ""
    client: str = ""
    secret: str = ""


class Refused(Exception):
    """A request error (PAIA 2.7); the text is its code."""


class Paia:
    """The connector; there is nothing in it to carry out."""

    name = PAIA
    batch = 25
    lease_seconds = 120

    def __init__(self, *, client: Client, identity: Identity) -> None:
        """Ask as ``identity``; the client's base has ``core/`` and ``auth/`` below."""
        self._client = client
        self._identity = identity
        self._token = identity.token

    def wanted(self, subject: Subject, /) -> AsFound:  # noqa: ARG002 - the contract's
        """Take the library's word."""
        return AS_FOUND

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look up the account of everybody who has a card."""
        end = time.monotonic() + LONGEST
        found: dict[int, Found | Outcome] = {}
        for one in subjects:
            if not one.card_number:
                continue
            if time.monotonic() > end:
                found[one.id] = LATER
            elif said := self._patron(one.card_number):
                found[one.id] = said
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Do nothing: nothing is ever wanted here."""
        return [None] * len(steps)

    def ask(self) -> None:
        """Ask for a card that nobody has."""
        try:
            self._asked(NO_CARD)
        except Refused as refusal:
            raise refused(str(refusal)) from None

    def _patron(self, card: str) -> Found | None:
        try:
            said = self._asked(card)
        except Refused as refusal:
            # About our identity: it concerns all of them.
            raise TemporaryFailure(str(refused(str(refusal)))) from None
        return None if said is None else Found(state=None, evidence=_evidence(said))

    def _asked(self, card: str) -> dict[str, object] | None:
        reply = self._core(card)
        if _code(reply) == "invalid_grant" and not self._identity.token:
            # Ours has run out.
            self._token = ""
            reply = self._core(card)
        code = _code(reply)
        # A server that does not want to say who exists says "denied" (PAIA 2.7).
        if code in {"not_found", "access_denied"}:
            return None
        if code:
            raise Refused(code)
        return _object(reply)

    def _core(self, card: str) -> Reply:
        token = self._token or self._log_in()
        return self._client.get(
            f"core/{quote(card, safe='')}",
            headers={"Authorization": f"Bearer {token}"},
        )

    def _log_in(self) -> str:
        """Get a token by client credentials (RFC 6749, 4.4 and 2.3.1)."""
        pair = (
            f"{quote_plus(self._identity.client)}:{quote_plus(self._identity.secret)}"
        )
        basic = b64encode(pair.encode()).decode()
        reply = self._client.post(
            "auth/login",
            form={"grant_type": "client_credentials", "scope": SCOPE},
            headers={"Authorization": f"Basic {basic}"},
        )
        if code := _code(reply):
            raise Refused(code)
        said = _object(reply)
        token = said.get("access_token")
        if (
            not isinstance(token, str)
            or str(said.get("token_type")).lower() != "bearer"
        ):
            raise TemporaryFailure("not_as_agreed")
        self._token = token
        return token


def _code(reply: Reply) -> str:
    """Give the code of a request error, whatever the status that came with it."""
    if reply.status == OK:
        return str(_object(reply).get("error") or "")
    try:
        return str(_object(reply).get("error") or f"status{reply.status}")
    except TemporaryFailure:
        # Not PAIA's answer: a proxy's, or that of another server altogether.
        return f"status{reply.status}"


def _object(reply: Reply) -> dict[str, object]:
    said = reply.json()
    if isinstance(said, dict):
        return said
    raise TemporaryFailure("not_as_agreed")


def _evidence(said: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    state = account_state(said.get("status"))
    evidence = [("account", "there"), ("state", str(int(state)))]
    if state is AccountState.ACTIVE:
        evidence.append(("works", "yes"))
    if isinstance(said.get("expires"), str):
        evidence.append(("expires", str(said["expires"])[:32]))
    return tuple(evidence)


def account_state(status: object) -> AccountState:
    """Read an account state; one that is unknown, or not told, is "inactive"."""
    if isinstance(status, int) and not isinstance(status, bool):
        try:
            return AccountState(status)
        except ValueError:
            return AccountState.INACTIVE
    return AccountState.INACTIVE
