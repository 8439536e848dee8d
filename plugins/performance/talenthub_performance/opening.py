"""Opening a cycle, and its reviews in chunks that can be gone on with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Opening,
    Problem,
    Refused,
    Transaction,
    UsageError,
    published,
    unit,
    unit_paths,
    versions,
)
from talenthub_performance.cases import Cycle
from talenthub_performance.checking import Checked, Profiles, check, rater_of, review_data
from talenthub_performance.facts import POPULATION
from talenthub_performance.finding import REVIEW, case_of, settings_for

CYCLE = "performance.cycle"
CHUNK = 500
"""So many reviews are opened in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for: a period, and whom it covers."""

    title: str
    first: date
    last: date
    unit: str | None = None
    framework: str | None = None
    rated: bool = True


def open_cycle(engine: Engine, tx: Transaction, wanted: Wanted) -> CaseView:
    """Open a cycle as a draft and return it."""
    if wanted.last < wanted.first:
        raise UsageError(
            Problem(text="the period ends before it begins", found=f"{wanted.first} {wanted.last}")
        )
    code = wanted.framework or _only_framework(tx)
    version = published(tx, code)
    where = None if wanted.unit is None else unit(tx, wanted.unit)
    inside = (
        None if where is None else sorted(each for each, path in unit_paths(tx).items() if where.id in path)
    )
    return engine.open(
        tx,
        CYCLE,
        data={
            "title": wanted.title,
            "first": wanted.first,
            "last": wanted.last,
            "units": inside,
            "rated": wanted.rated and _asks_for_ratings(engine),
            "framework": version.name,
        },
        framework_version=version.id,
        unit=None if where is None else where.id,
        about=wanted.title,
    )


def _asks_for_ratings(engine: Engine) -> bool:
    return bool(engine.catalogue.newest(CYCLE).settings.ratings)


def _only_framework(tx: Transaction) -> str:
    codes = sorted({each.code for each in versions(tx)})
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise NotFound(Problem(text="there is no framework yet", mend="talent framework import FILE"))
    raise UsageError(Problem(text="name the framework", place="--framework", allowed=", ".join(codes)))


def checked(engine: Engine, tx: Transaction, ref: str) -> Checked:
    """Return the data check of a cycle, as things stand now."""
    case = _with_content(engine, tx, ref)
    return check(case.ref, case.data, POPULATION.load(tx, [case])[case.id], settings_for(engine, tx, case))


def _with_content(engine: Engine, tx: Transaction, ref: str) -> CaseView:
    case = case_of(engine, tx, ref, CYCLE)
    if case.data is None:
        raise NotFound(Problem(text="there is no such case, or it is not yours to see", found=ref))
    return case


@dataclass(frozen=True, slots=True)
class Opened:
    """How far the opening of reviews has come."""

    opened: tuple[str, ...]
    already: int
    left: int
    own: int = 0
    """The actor's own, which somebody else opens."""


def open_reviews(engine: Engine, tx: Transaction, ref: str, most: int | None = CHUNK) -> Opened:
    """Open reviews of a launched cycle for those who have none yet.

    At most `most` of them; asked again, it goes on where it stopped.
    """
    case = _with_content(engine, tx, ref)
    if case.state == "draft" or not case.is_open:
        raise Refused(
            Problem(
                text="only a launched cycle has reviews", place=case.ref, found=case.state, code="cycle.state"
            )
        )
    found = POPULATION.load(tx, [case])[case.id]
    data: Cycle = case.data
    ready = check(case.ref, data, found, settings_for(engine, tx, case)).ready
    having = {each.subject for each in engine.children(tx, case.id, REVIEW)}
    lacking = [each for each in ready if each.person not in having]
    # Nobody opens a review of oneself: that one waits for another of HR.
    missing = [each for each in lacking if each.person not in tx.actor.identities]
    chosen = missing if most is None else missing[:most]
    profiles = Profiles(found.content)
    openings = []
    for each in chosen:
        rater = rater_of(each, found)
        assert rater is not None, "the data check saw to it"
        openings.append(
            Opening(
                REVIEW,
                subject=each.person,
                data=review_data(data, each, found, profiles),
                participants={"manager": (rater,)},
                parent=case,
                unit=each.unit,
                about=data.title,
            )
        )
    opened = engine.open_many(tx, openings)
    return Opened(
        tuple(each.ref for each in opened),
        len(ready) - len(lacking),
        len(missing) - len(chosen),
        len(lacking) - len(missing),
    )
