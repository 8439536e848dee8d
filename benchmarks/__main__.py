"""Measure talenthub against bare code, chapter by chapter.

python benchmarks                 print every chapter
python benchmarks engine volume   only these
python benchmarks --write         also write docs/benchmarks.md
python benchmarks --quick         a tenth of everything, to see that it runs
python benchmarks --million       also a campaign of 1,000,000 people
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import background
import campaign
import everyday
import fitting
import frameworks
import organisation
import peers
import report
from bare import Bare
from filling import fill
from measuring import ROUNDS, Measured, alternate
from trial import House, build

from talenthub.cli import NEW_OBJECTS
from talenthub.testing import Servers
from talenthub.workflow.firing import Request

WAYS = ("check", "ask_again")
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Doses:
    """How much is done in a round."""

    fires: int = 300
    chunk: int = 500
    inboxes: int = 100
    tasks: int = 1_000_000
    people: int = 100_000
    vacancies: int = 200
    candidates: int = 20
    competencies: int = 5_000
    jobs: int = 300
    client_fires: int = 100
    million: bool = False


QUICK = Doses(
    fires=30,
    chunk=50,
    inboxes=10,
    tasks=100_000,
    people=2_000,
    vacancies=5,
    candidates=4,
    competencies=400,
    jobs=30,
    client_fires=20,
)


def main() -> None:
    """Measure the chapters asked for; print and, if asked, write the page."""
    parser = argparse.ArgumentParser(description="Measure talenthub against bare code.")
    parser.add_argument("chapters", nargs="*", help=", ".join(CHAPTERS))
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--million", action="store_true", help="also a campaign of 1,000,000")
    given = parser.parse_args()
    unknown = [each for each in given.chapters if each not in CHAPTERS]
    if unknown:
        parser.error(f"unknown chapter {unknown[0]!r}; there are {', '.join(CHAPTERS)}")
    doses = replace(QUICK if given.quick else Doses(), million=given.million)
    gc.set_threshold(NEW_OBJECTS)  # as every command does
    with tempfile.TemporaryDirectory() as folder:
        servers = Servers(Path(folder), durable=True)
        try:
            for name in given.chapters or CHAPTERS:
                started = time.monotonic()
                told = CHAPTERS[name](servers, doses, Path(folder))
                chapter = report.chapter(told, time.monotonic() - started)
                print(chapter, flush=True)
                if given.write and not given.quick:
                    report.keep(name, chapter, list(CHAPTERS), chunk=doses.chunk, tasks=doses.tasks)
        finally:
            servers.stop()


def _engine(servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.engine({name: run(servers, kind, doses) for kind, name in KINDS.items()})


def _volumes(servers: Servers, doses: Doses, folder: Path) -> str:
    return report.volumes(
        {name: _volume(servers, kind, doses, folder / kind) for kind, name in KINDS.items()}
    )


def _organisation(servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.organisation(
        {name: organisation.measure(servers.fresh(kind), doses.people) for kind, name in KINDS.items()}
    )


def _grown(servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.frameworks({name: _frameworks(servers, kind, doses) for kind, name in KINDS.items()})


def _background(servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.background(background.measure(servers, doses.jobs, doses.client_fires))


def _peers(servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.peers(peers.measure(servers, doses.client_fires))


def _campaign(servers: Servers, doses: Doses, _folder: Path) -> str:
    return campaign.section(campaign.measure_all(servers, doses.people, million=doses.million))


def _fitting(_servers: Servers, doses: Doses, _folder: Path) -> str:
    return report.fitting(fitting.measure(doses.people))


CHAPTERS: Mapping[str, Callable[[Servers, Doses, Path], str]] = {
    "engine": _engine,
    "volume": _volumes,
    "organisation": _organisation,
    "frameworks": _grown,
    "background": _background,
    "peers": _peers,
    "campaign": _campaign,
    "fitting": _fitting,
}


def run(servers: Servers, kind: str, doses: Doses) -> list[Measured]:
    """Return all measurements on one kind of database."""
    our_url, bare_url = servers.fresh(kind), servers.fresh(kind)
    house, other = build(our_url), build(bare_url)
    refs = _open(house, doses)
    _open(other, doses)
    bare = Bare(bare_url, other.officer, other.subject)
    found = []
    for measure in (_fire, _fire_bulk, _open_bulk, _inbox):
        found.append(measure(house, bare, refs, doses))
        print(f"{KINDS[kind]} {report.line(found[-1])}", flush=True)
        if measure is _open_bulk:
            # Before a million tasks without history are poured in.
            _verify(house, other)
    bare.close()
    house.database.close()
    other.database.close()
    return found


def _volume(servers: Servers, kind: str, doses: Doses, folder: Path) -> report.Volumes:
    """Return what is read beside many vacancies, and what building them took."""
    folder.mkdir()
    url = "" if kind == "sqlite" else servers.empty(kind, folder)
    measured, built = everyday.measure(folder / "house", url, doses.vacancies, doses.candidates)
    return report.Volumes(measured, built.seconds)


def _frameworks(servers: Servers, kind: str, doses: Doses) -> list[frameworks.Grown]:
    """Return what a quarter, half and the whole of a large framework take."""
    sizes = [doses.competencies // part for part in (4, 2, 1)]
    found = [frameworks.measure(servers.fresh(kind), size, size // 10) for size in sizes]
    for each in found:
        print(f"{KINDS[kind]} {report.grown_line(each)}", flush=True)
    return found


def _open(house: House, doses: Doses) -> list[str]:
    with house.transaction() as tx:
        wanted = [house.opening() for _ in range(max(doses.fires, doses.chunk))]
        return [case.ref for case in house.engine.open_many(tx, wanted)]


def _fire(house: House, bare: Bare, refs: list[str], doses: Doses) -> Measured:
    chosen = refs[: doses.fires]

    def ours(number: int) -> None:
        for ref in chosen:
            with house.transaction() as tx:
                house.engine.fire(tx, ref, WAYS[number % 2])

    def by_hand(number: int) -> None:
        for ref in chosen:
            bare.fire(ref, WAYS[number % 2])

    measured = alternate("fire, a commit each", "transition", "≥ 40 %", doses.fires, ours, by_hand)
    if ROUNDS % 2 == 0:
        # An odd number of turns: take the cases back to where they began.
        ours(1)
        by_hand(1)
    return measured


def _fire_bulk(house: House, bare: Bare, refs: list[str], doses: Doses) -> Measured:
    chosen = refs[: doses.chunk]

    def ours(number: int) -> None:
        with house.transaction() as tx:
            house.engine.fire_many(tx, [Request(ref, WAYS[number % 2]) for ref in chosen])

    def by_hand(number: int) -> None:
        bare.fire_many(chosen, WAYS[number % 2])

    return alternate("fire in bulk, per case", "transition", "≥ 50 %", doses.chunk, ours, by_hand)


def _open_bulk(house: House, bare: Bare, _refs: list[str], doses: Doses) -> Measured:
    def ours(_number: int) -> None:
        with house.transaction() as tx:
            house.engine.open_many(tx, [house.opening() for _ in range(doses.chunk)])

    def by_hand(_number: int) -> None:
        bare.open_many(doses.chunk)

    return alternate("open in bulk, per case", "case", "≥ 50 %", doses.chunk, ours, by_hand)


def _inbox(house: House, bare: Bare, _refs: list[str], doses: Doses) -> Measured:
    pouring = Bare(
        str(house.database.url.render_as_string(hide_password=False)), house.officer, house.subject
    )
    for each in (pouring, bare):
        fill(each, house.officer, doses.tasks)
    pouring.close()

    def ours(_number: int) -> None:
        for _ in range(doses.inboxes):
            with house.transaction(read_only=True) as tx:
                found = house.engine.inbox(tx)
        assert len(found) == 50

    def by_hand(_number: int) -> None:
        for _ in range(doses.inboxes):
            found = bare.inbox(bare.officer)
        assert len(found) == 50

    title = f"inbox among {doses.tasks:,} open tasks"
    return alternate(title, "inbox", "≤ 3 times", doses.inboxes, ours, by_hand)


def _verify(*houses: House) -> None:
    for house in houses:
        with house.transaction(system=True, read_only=True) as tx:
            house.engine.verify(tx)


if __name__ == "__main__":
    main()
