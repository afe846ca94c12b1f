"""``make run``: the whole portal on this machine, in the foreground.

This process starts no thread and reads no settings; it only looks after the others.
"""

import os
import signal
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from onboarding.demo import mail_system, target_systems
from onboarding.demo.place import IDENTITIES, LDAP_BASE, Place, Refusal
from onboarding.demo.ports import free_port, is_free
from onboarding.demo.published import publish
from onboarding.demo.servers import programs
from onboarding.demo.servers.child import Child, DidNotStart, run
from onboarding.demo.servers.directory_files import Cost
from onboarding.demo.servers.mailbox import Mailbox
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from onboarding.demo.staff import seat
from onboarding.demo.supervisor import Program, Supervisor

# A fraction of production's, so that a laptop hands out letters quickly.
COST = Cost(memory=4_096, passes=1, lanes=1)
LOOK_EVERY = 0.5


class Ended(BaseException):
    """Somebody pressed Ctrl-C, or sent us away."""


def main() -> int:
    """Run the stage until somebody ends it; give the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        place = Place(os.environ)
        with place.held():
            _check(place)
            _play(place)
    except (Refusal, DidNotStart) as sentence:
        say(str(sentence))
        return 1
    except Ended:
        say("The portal has ended.")
    return 0


def say(sentence: str) -> None:
    """Tell the person at the console."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def _end(*_: object) -> None:
    raise Ended


def _check(place: Place) -> None:
    if not is_free(place.port):
        other = free_port()
        raise Refusal(
            f"Port {place.port} is in use; take another one: make run PORT={other}"
        )
    for file in filter(None, (place.cohort, place.layout)):
        if not Path(file).is_file():
            raise Refusal(f"There is no file {file}.")


def _play(place: Place) -> None:
    supervisor = Supervisor(say=say)
    try:
        say("Starting the servers …")
        place.choose_ports()
        _start_servers(place, supervisor)
        target_systems.start(place, supervisor)
        say("Preparing database, pages and people …")
        logins = run(
            programs.manage("open_stage", *_opening(place)),
            environment=place.environment(),
            log=place.folder / "logs" / "opening.log",
        )
        publish(place)
        _start_portal(place, supervisor)
        say(f"\n{logins}\nPortal ready: {place.url}\n")
        while True:
            time.sleep(LOOK_EVERY)
            supervisor.look()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.end()


def _opening(place: Place) -> list[str]:
    ours = place.runs_own("MOODLE_URL") and place.runs_own("PAIA_URL")
    cohort = ["--cohort", place.cohort, "--layout", place.layout]
    return [*cohort, *(["--own-systems"] if ours else [])]


def _start_servers(place: Place, supervisor: Supervisor) -> None:
    ports = place.ports()
    if place.runs_own("LDAP_URL"):
        slapd = Slapd(
            place.folder / "directory",
            port=ports["ldap"],
            base=LDAP_BASE,
            cost=COST,
            passwords={name: place.secret(f"ldap-{name}") for name in IDENTITIES},
        )
        supervisor.start(slapd)
        seat(slapd)
        if place.runs_mailboxes():
            supervisor.start(mail_system.dovecot(place, slapd))
    if place.runs_own("REDIS_URL"):
        password = place.secret("redis")
        supervisor.start(
            Redis(place.folder / "redis", port=ports["redis"], password=password)
        )
    if place.runs_own("SMTP_HOST"):
        lmtp = ports["lmtp"] if place.runs_mailboxes() else 0
        supervisor.start(
            Mailbox(
                place.folder / "mail",
                port=ports["smtp"],
                lmtp_port=lmtp,
                domain=mail_system.domain(place),
            )
        )


def _start_portal(place: Place, supervisor: Supervisor) -> None:
    commands = {
        "worker": programs.worker(),
        "beat": programs.beat(folder=place.folder),
        "web": programs.web(port=place.port),
    }
    for name, command in commands.items():
        child = Child(
            name=name,
            command=command,
            log=place.folder / "logs" / f"{name}.log",
            environment=place.environment(),
        )
        supervisor.start(Program(child))
    child.wait_until(lambda: _serves(place.url))


def _serves(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except HTTPError as answer:
        raise DidNotStart(f"The start page answers {answer.code}.") from answer
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
