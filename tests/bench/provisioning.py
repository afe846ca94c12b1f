"""First provisioning of a cohort, and a sweep over it that changes nothing."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from accounts.connectors.directory import Directory
from accounts.directory.entry import wanted_attributes
from accounts.directory.layout import layout
from accounts.reconciler.settle import settle_batch
from onboarding.demo.servers.slapd import Slapd
from tests.bench import crowd, ground
from tests.bench.directory import empty_directory
from tests.bench.ratio import Ratio
from tests.services.slapd import PASSWORDS
from worker.fleet import FACTS

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))


def measure() -> list[Ratio]:
    """Measure both; product and floor by turns, and the best of each counts."""
    ground.empty_database()
    people = crowd.enrol(PEOPLE)
    firsts, added, streamed, swept = [], [], [], []
    for _ in range(TURNS):
        slapd = empty_directory()
        crowd.make_due(people)
        firsts.append(_seconds(_settle_all))
        streamed.append(_seconds(partial(_stream, slapd)))
        swept.append(_swept(people))
        ldif = _as_ldif(slapd)
        added.append(_seconds(partial(_ldapadd, empty_directory(), ldif)))
    return [
        Ratio(
            name=f"first provisioning, {PEOPLE} people",
            floor="ldapadd -c of the same entries",
            floor_seconds=min(added),
            product_seconds=min(firsts),
            hold=0.9,
            bigger_is_better=True,
        ),
        Ratio(
            name=f"a sweep that changes nothing, {PEOPLE} people",
            floor="ldap3 streaming the same attributes",
            floor_seconds=min(streamed),
            product_seconds=min(swept),
            hold=1.5,
            bigger_is_better=False,
        ),
    ]


def _swept(people: list[int]) -> float:
    crowd.make_due(people)
    return _seconds(_settle_all)


def _settle_all() -> None:
    while settle_batch(connector=Directory(), facts=FACTS, at=crowd.AT):
        pass


def _stream(slapd: Slapd) -> None:
    connection = slapd.bound("provisioner")
    found = connection.extend.standard.paged_search(
        layout().people,
        "(objectClass=person)",
        attributes=wanted_attributes(layout()),
        paged_size=500,
        generator=True,
    )
    seen = sum(1 for _ in found)
    connection.unbind()
    assert seen == PEOPLE, seen


def _as_ldif(slapd: Slapd) -> Path:
    file = Path(tempfile.mkstemp(suffix=".ldif", dir=slapd.folder.parent)[1])
    done = subprocess.run(
        [
            *("ldapsearch", *_as("admin", slapd), "-LLL", "-o", "ldif-wrap=no"),
            *("-b", layout().people, "-s", "one", "(objectClass=person)", "*"),
        ],
        check=True,
        capture_output=True,
    )
    file.write_bytes(done.stdout)
    return file


def _ldapadd(slapd: Slapd, ldif: Path) -> None:
    command = ["ldapadd", *_as("provisioner", slapd), "-c", "-f", str(ldif)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _as(name: str, slapd: Slapd) -> list[str]:
    return ["-x", "-H", slapd.url, "-D", slapd.dn(name), "-w", PASSWORDS[name]]


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
