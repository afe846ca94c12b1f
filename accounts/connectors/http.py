"""One careful HTTP client for the target systems that speak it.

A system that stalls, drips, redirects or floods costs seconds, not the sweep; nothing
that it says, and nothing that we said to it, gets into an error or a log line.
"""

import ipaddress
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.core.exceptions import ImproperlyConfigured

from accounts.connectors.contract import PermanentFailure, TemporaryFailure

# Seconds: to a connection, to the next bytes, and to the end of an answer.
CONNECT, NEXT_BYTES, WHOLE = 3.0, 8.0, 15.0
# A hundred people's data is a tenth of this.
LARGEST = 4 * 1024 * 1024
# A system that did not answer is left alone for so long: the others have work to do.
QUIET = 5.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A status below 500, and what came with it."""

    status: int
    body: bytes

    def json(self) -> object:
        """Give the body; TemporaryFailure where it is a page, or cut off."""
        try:
            said: object = json.loads(self.body)
        except ValueError:
            # The message would quote the body.
            raise TemporaryFailure("not_json") from None
        return said


class Client:
    """Calls below one base address, on a few connections that stay open."""

    def __init__(
        self,
        base: str,
        *,
        ca_file: str = "",
        whole: float = WHOLE,
        quiet: float = QUIET,
    ) -> None:
        """Refuse an address that would carry secrets in the open."""
        refuse_open_lines(base)
        self._base = base.rstrip("/") + "/"
        self._whole = whole
        self._quiet = quiet
        self._quiet_until = 0.0
        self._client = httpx.Client(
            base_url=self._base,
            # Neither a proxy nor a netrc file of the machine has a say.
            trust_env=False,
            verify=ssl.create_default_context(cafile=ca_file or None),
            timeout=httpx.Timeout(min(NEXT_BYTES, whole), connect=min(CONNECT, whole)),
            headers={
                "User-Agent": "leuphana-start",
                "Accept": "application/json",
                # What is not packed cannot be a bomb.
                "Accept-Encoding": "identity",
            },
        )

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for something; raises either failure."""
        return self._called(self._client.build_request("GET", path, headers=headers))

    def post(
        self,
        path: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a form; raises either failure."""
        request = self._client.build_request(
            "POST", path, data=dict(form), headers=headers
        )
        return self._called(request)

    def close(self) -> None:
        """Close the connections that are open."""
        self._client.close()

    def _called(self, request: httpx.Request) -> Reply:
        if time.monotonic() < self._quiet_until:
            raise TemporaryFailure("no_answer")
        try:
            reply = self._read(request)
        except (httpx.HTTPError, httpx.StreamError, ssl.SSLError):
            self._quiet_until = time.monotonic() + self._quiet
            # Without its cause: that one holds the request, and with it our secrets.
            raise TemporaryFailure("no_answer") from None
        return _acceptable(reply)

    def _read(self, request: httpx.Request) -> Reply:
        end = time.monotonic() + self._whole
        parts: list[bytes] = []
        size = 0
        answer = self._client.send(request, stream=True)
        try:
            for part in answer.iter_raw():
                size += len(part)
                if size > LARGEST:
                    raise TemporaryFailure("answer_too_large")
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("dripping")
                parts.append(part)
        finally:
            answer.close()
        return Reply(answer.status_code, b"".join(parts))


def refuse_open_lines(url: str) -> None:
    """Refuse to start where secrets would cross a network unprotected."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        message = "An address must not contain a user name or a password."
        raise ImproperlyConfigured(message)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _loopback(parts.hostname or ""):
        return
    message = f"{parts.scheme}://{parts.hostname} must be reached by https://."
    raise ImproperlyConfigured(message)


def _acceptable(reply: Reply) -> Reply:
    if reply.status == httpx.codes.TOO_MANY_REQUESTS:
        raise TemporaryFailure("too_many_requests")
    if reply.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise TemporaryFailure(f"status:{reply.status}")
    if httpx.codes.is_redirect(reply.status):
        # A page to sign in at, or one that says that the system is being looked after.
        raise TemporaryFailure("redirected")
    return reply


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refused(word: str) -> PermanentFailure:
    """Say that a system refuses, in its own word, as far as that is a word."""
    letters = "".join(one for one in word if one.isascii() and one.isalnum())
    return PermanentFailure(f"refused:{letters[:40] or 'unnamed'}")
