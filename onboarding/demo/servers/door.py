"""An HTTP server on loopback for the systems that the stage plays, faults included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl, urlsplit

from onboarding.demo.ports import LOOPBACK

LARGEST = 1024 * 1024
STALL_SECONDS = 30.0


class Fault(Enum):
    """What a system does when it is not well, whatever it was asked."""

    # A reverse proxy's page, with a status that says all is well.
    PAGE = "page"
    TOO_MANY = "too many"
    BROKEN = "broken"
    UNAVAILABLE = "unavailable"
    SIGN_IN = "sign in"
    CUT_OFF = "cut off"
    STALL = "stall"
    HANG_UP = "hang up"
    FLOOD = "flood"


@dataclass(frozen=True)
class Asked:
    """A request, read."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A reply to write."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Door:
    """Answers requests by one function, until closed; may be opened again."""

    def __init__(self, answer: Callable[[Asked], Answer], *, port: int) -> None:
        """Listen on ``port`` of the loopback address from ``open`` on."""
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}"
        self.asked: list[Asked] = []
        # The next requests meet these, one each; None answers as usual.
        self.faults: list[Fault | None] = []
        # Every request meets this one.
        self.fault: Fault | None = None
        self._answer = answer
        self._server: ThreadingHTTPServer | None = None
        self._closing = Event()

    def open(self) -> None:
        """Let requests in."""
        if self._server is None:
            self._closing.clear()
            self._server = _Server((LOOPBACK, self.port), _handler(self))
            Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Let nobody in, as a server does that is down."""
        if self._server is not None:
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, asked: Asked) -> Answer | None:
        """Give the answer; none: hang up."""
        self.asked.append(asked)
        fault = self.faults.pop(0) if self.faults else self.fault
        if fault is Fault.STALL:
            self._closing.wait(STALL_SECONDS)
            return None
        if fault is Fault.HANG_UP:
            return None
        return _faulty(fault) if fault else self._answer(asked)


PAGE = b"<!DOCTYPE html><title>Please wait</title><p>We will be back soon.</p>"
HTML = "text/html; charset=utf-8"
_FAULTY: Mapping[Fault, Answer] = {
    Fault.PAGE: Answer(PAGE, 200, HTML),
    # RFC 6585, section 4.
    Fault.TOO_MANY: Answer(PAGE, 429, HTML, {"Retry-After": "3600"}),
    Fault.BROKEN: Answer(PAGE, 500, HTML),
    # RFC 9110, section 15.6.4.
    Fault.UNAVAILABLE: Answer(PAGE, 503, HTML, {"Retry-After": "120"}),
    Fault.SIGN_IN: Answer(b"", 303, HTML, {"Location": "https://sso.example/"}),
    Fault.CUT_OFF: Answer(b'[{"id": 1, "username": "'),
}


def _faulty(fault: Fault) -> Answer:
    if fault is Fault.FLOOD:
        return Answer(b"[" + b"1," * 4_000_000 + b"1]")
    return _FAULTY[fault]


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    # A closed door waits for nobody who is still inside.
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of callers who hang up first."""


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # One request a connection, so that a closed door is closed to everybody.
        protocol_version = "HTTP/1.0"
        timeout = 60

        def do_GET(self) -> None:
            self._reply()

        def do_POST(self) -> None:
            self._reply()

        def _reply(self) -> None:
            answer = door.answer(self._read())
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def _read(self) -> Asked:
            length = min(int(self.headers.get("Content-Length") or 0), LARGEST)
            body = self.rfile.read(length).decode()
            parts = urlsplit(self.path)
            form = {
                **dict(parse_qsl(parts.query, keep_blank_values=True)),
                **dict(parse_qsl(body, keep_blank_values=True)),
            }
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Asked(self.command, parts.path, headers, form)

        def log_message(self, *_: object) -> None:
            """Keep tokens and card numbers out of logs."""

    return Handler
