"""The help desk's board over a whole cohort, on PostgreSQL."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta

from tests.bench import ground
from tests.bench.ratio import Ratio

FEW = 1_000
PEOPLE = int(os.environ.get("BENCH_BOARD", "10000"))
TURNS = 5
# What the board was promised at 10,000 people; and ten times the people may take this
# much longer than ten times (SPEED).
WITHIN_SECONDS = 1.0
UNEVEN = 1.2


def measure() -> list[Ratio]:
    """Measure in a process of its own, whose database is a private PostgreSQL."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench.board"],
        env={**os.environ, "DATABASE": "postgresql"},
        check=True,
        stdout=subprocess.PIPE,
    )
    said = json.loads(found.stdout.splitlines()[-1])
    return [
        Ratio(
            name=f"board of who is stuck, {PEOPLE} people",
            floor="1 s",
            floor_seconds=WITHIN_SECONDS,
            product_seconds=said["many"],
            hold=1,
            bigger_is_better=False,
        ),
        Ratio(
            name=f"the same, {PEOPLE} people",
            floor=f"the board of {FEW}, times {PEOPLE // FEW}",
            floor_seconds=said["few"] * PEOPLE / FEW,
            product_seconds=said["many"],
            hold=UNEVEN,
            bigger_is_better=False,
        ),
    ]


def main() -> None:
    """Fill a cohort and count it; says the best times in seconds."""
    ground.lay()
    from tests.services import surroundings  # noqa: PLC0415 - now it is laid
    from tests.services.postgres import Postgres  # noqa: PLC0415

    cluster = Postgres(surroundings.STATE_DIR / "postgres")
    cluster.start()
    try:
        _database()
        took = {}
        for name, beginning, number in (("few", 0, FEW), ("many", FEW, PEOPLE - FEW)):
            _fill(number, beginning=beginning)
            took[name] = min(_counted() for _ in range(TURNS))
    finally:
        cluster.stop()
    print(json.dumps(took))  # noqa: T201


def _database() -> None:
    from psycopg import connect, sql  # noqa: PLC0415

    from tests.services import surroundings  # noqa: PLC0415

    address, _, database = surroundings.DATABASE_URL.rpartition("/")
    with connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    ground.empty_database()


def _counted() -> float:
    from django.utils import timezone  # noqa: PLC0415

    from onboarding.watch.figures import board  # noqa: PLC0415
    from onboarding.watch.scope import Scope  # noqa: PLC0415

    begin = time.perf_counter()
    board(Scope(cohort="2026ws"), at=timezone.now())
    return time.perf_counter() - begin


def _fill(number: int, *, beginning: int) -> None:
    """Enrol people; most are active, and one in seven waits for a system."""
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.catalogue.systems import NAMES  # noqa: PLC0415
    from accounts.due.models import Sync  # noqa: PLC0415
    from accounts.people.models import Person  # noqa: PLC0415
    from tests.bench.crowd import enrol  # noqa: PLC0415

    now = timezone.now()
    people = enrol(number, beginning=beginning)
    active = [one for one in people if one % 5]
    Person.objects.filter(pk__in=active).update(activated_at=now)
    rows = (
        Sync(
            person_id=one,
            system=system,
            settled_generation=0 if one % 7 == 0 else 1,
            settled_at=now - timedelta(hours=1),
            failures=1 if one % 7 == 0 else 0,
            last_error=("no_answer", "!refused")[one % 2] if one % 7 == 0 else "",
            failing_since=now if one % 7 == 0 else None,
        )
        for one in people
        for system in NAMES
    )
    Sync.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
