"""Many entries at once, as the provisioner: one line, many requests under way.

Written for python-ldap, whose work is done in C: it reads entries five times as fast as
ldap3 and needs no thread that listens (docs/decisions/0008).
"""

import select
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import local
from typing import Any

import ldap
from django.conf import settings
from ldap3.core.results import RESULT_CODES

from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    DirectoryUnavailable,
    EntryChanged,
    EntryExists,
    EntryMissing,
)

# So many requests are under way at once.
UNDER_WAY = 64
# After this time nothing more is sent; who leases work for longer is on the safe side.
LONGEST = 20.0

Found = tuple[str, Mapping[str, list[bytes]]]
Send = Callable[[Any], int]
Outcome = DirectoryError | None

_BUSY = (
    ldap.BUSY,
    ldap.UNAVAILABLE,
    ldap.TIMELIMIT_EXCEEDED,
    ldap.ADMINLIMIT_EXCEEDED,
)
# Somebody else was quicker: the value is there already, or there no more.
_OVERTAKEN = (ldap.NO_SUCH_ATTRIBUTE, ldap.TYPE_OR_VALUE_EXISTS)
_kept = local()


def search(base: str, condition: str, attributes: Sequence[str]) -> list[Found]:
    """Give all entries below ``base`` that match; raises DirectoryError."""
    with _line() as line:
        message = line.search_ext(base, ldap.SCOPE_SUBTREE, condition, attributes)
        _, found, _, _ = line.result3(
            message, all=1, timeout=settings.LDAP_ANSWER_TIMEOUT
        )
    # A reference to another server has no name.
    return [(dn, raw) for dn, raw in found if dn is not None]


def write(requests: Sequence[Send]) -> list[Outcome]:
    """Send many requests, pipelined; one outcome each, in order.

    A request begins an operation on the line that it is given, and gives the message's
    number. DirectoryUnavailable means that it may or may not have happened.
    """
    outcomes: list[Outcome] = [DirectoryUnavailable("no answer")] * len(requests)
    with suppress(DirectoryUnavailable), _line() as line:
        for index, outcome in _answers(line, requests):
            outcomes[index] = outcome
            if isinstance(outcome, DirectoryUnavailable):
                # The others' answers will not come either; look before writing again.
                raise outcome
    return outcomes


def _answers(line: Any, requests: Sequence[Send]) -> Iterator[tuple[int, Outcome]]:
    end = time.monotonic() + LONGEST
    waiting: deque[tuple[int, int]] = deque()
    for index, send in enumerate(requests):
        if time.monotonic() > end:
            break
        if len(waiting) == UNDER_WAY:
            yield _answer(line, *waiting.popleft())
        try:
            with translated():
                waiting.append((index, send(line)))
        except DirectoryError as failure:
            yield index, failure
        except (ValueError, TypeError):
            # A NUL, say, that no request can hold.
            yield index, DirectoryRefused("notWritable")
    while waiting:
        yield _answer(line, *waiting.popleft())


def _answer(line: Any, index: int, message: int) -> tuple[int, Outcome]:
    try:
        with translated():
            line.result3(message, all=1, timeout=settings.LDAP_ANSWER_TIMEOUT)
    except DirectoryError as failure:
        return index, failure
    return index, None


def hang_up() -> None:
    """Let go of the line that this thread keeps."""
    _kept.line = None


@contextmanager
def _line() -> Iterator[Any]:
    line = getattr(_kept, "line", None)
    if line is None or _gone(line):
        line = _bound()
    # Kept again only if all went well: what is under way on it nobody knows otherwise.
    _kept.line = None
    try:
        with translated():
            yield line
    except (DirectoryRefused, EntryMissing):
        _kept.line = line
        raise
    _kept.line = line


def _bound() -> Any:
    if not settings.LDAP_PROVISIONER_PASSWORD:
        # An empty password would be an anonymous bind that looks like a success.
        raise DirectoryUnavailable("no password set for the provisioner")
    with translated():
        line = ldap.initialize(settings.LDAP_URL, bytes_mode=False)
        for option, value in settings.AUTH_LDAP_CONNECTION_OPTIONS.items():
            line.set_option(option, value)
        if settings.LDAP_STARTTLS:
            line.start_tls_s()
        line.simple_bind_s(
            settings.LDAP_PROVISIONER_DN, settings.LDAP_PROVISIONER_PASSWORD
        )
    return line


def _gone(line: Any) -> bool:
    # Nothing is under way, so something to read can only be the other side's farewell.
    look = select.poll()
    try:
        look.register(line.fileno(), select.POLLIN)
    except (ldap.LDAPError, ValueError, OSError):
        return True
    return bool(look.poll(0))


@contextmanager
def translated() -> Iterator[None]:
    """Turn python-ldap's exceptions into ours."""
    try:
        yield
    except (*_BUSY, ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT) as silence:
        raise DirectoryUnavailable(type(silence).__name__) from None
    except ldap.NO_SUCH_OBJECT:
        raise EntryMissing from None
    except ldap.ALREADY_EXISTS:
        raise EntryExists from None
    except _OVERTAKEN:
        raise EntryChanged from None
    except ldap.LDAPError as refusal:
        raise _refused(refusal) from None


def _refused(refusal: Any) -> DirectoryError:
    said = refusal.args[0] if refusal.args else {}
    code = said.get("result", 0) if isinstance(said, dict) else 0
    if code <= 0:
        # libldap's own numbers: something about the line.
        return DirectoryUnavailable(type(refusal).__name__)
    return DirectoryRefused(RESULT_CODES.get(code, str(code)))
