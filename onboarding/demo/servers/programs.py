"""The portal's own programs, as commands to start."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from onboarding.demo.ports import LOOPBACK

ROOT = Path(__file__).resolve().parents[3]


def web(*, port: int) -> list[str]:
    """Give the web server: processes for the two cores, threads for the waiting."""
    return [
        sys.executable,
        *("-m", "gunicorn", "onboarding.wsgi"),
        *("--chdir", str(ROOT)),
        *("--bind", f"{LOOPBACK}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--timeout", "30", "--graceful-timeout", "5", "--keep-alive", "5"),
        *("--worker-tmp-dir", "/dev/shm"),  # noqa: S108 - heartbeats, never on a disk
        *("--log-level", "warning"),
        "--no-control-socket",
    ]


def worker() -> list[str]:
    """Give Celery's worker, which sweeps by itself."""
    return [
        *_celery("worker"),
        *("--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle"),
    ]


def beat(*, folder: Path) -> list[str]:
    """Give Celery's timetable, which remembers in ``folder`` what it rang for."""
    schedule = str(folder / "beat-schedule")
    return [*_celery("beat"), "--schedule", schedule, "--loglevel", "WARNING"]


def manage(*arguments: str) -> list[str]:
    """Give Django's command line."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def run_manage(*arguments: str, environment: Mapping[str, str]) -> None:
    """Run Django's command line to its end."""
    subprocess.run(  # noqa: S603 - our own command
        manage(*arguments), env=dict(environment), check=True, stdout=subprocess.DEVNULL
    )


def _celery(command: str) -> list[str]:
    return [
        sys.executable,
        *("-m", "celery", "--app", "worker.app", "--workdir", str(ROOT)),
        command,
    ]
