"""Opening a cycle, and its reviews as a campaign that outlives a break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from talenthub.sdk import (
    Campaign,
    CaseView,
    Chunk,
    Engine,
    Member,
    NotFound,
    Opening,
    Problem,
    Refused,
    Transaction,
    UsageError,
    cases_by_id,
    chosen_code,
    framework_content,
    live_campaign_of,
    published,
    start_campaign,
    unit,
    unit_paths,
    workflow_case,
)
from talenthub_performance.checking import Checked, Profiles, check, rater_of, review_data
from talenthub_performance.facts import POPULATION, Population
from talenthub_performance.finding import REVIEW, case_of, settings_for

CYCLE = "performance.cycle"
REVIEWS = "performance:reviews"
"""The work that opens the reviews of a cycle."""

_having = select(workflow_case.c.subject_id).where(
    workflow_case.c.parent_id == bindparam("cycle"), workflow_case.c.workflow == REVIEW
)
_having_of = _having.where(workflow_case.c.subject_id.in_(bindparam("people", expanding=True)))


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
    code = chosen_code(tx, wanted.framework)
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
class Begun:
    """The campaign that opens the reviews of a cycle."""

    campaign: int
    already: int
    own: int = 0
    """The actor's own, which somebody else opens."""


def begin_reviews(engine: Engine, tx: Transaction, ref: str) -> Begun:
    """Begin to open reviews for those of a launched cycle who have none.

    Who rates whom is as it stands now. Asked again while the campaign is
    not through, it is that one.
    """
    case = _with_content(engine, tx, ref)
    if case.state == "draft" or not case.is_open:
        raise Refused(
            Problem(
                text="only a launched cycle has reviews", place=case.ref, found=case.state, code="cycle.state"
            )
        )
    having = set(tx.connection.execute(_having, {"cycle": case.id}).scalars())
    live = live_campaign_of(tx, case.id, REVIEWS)
    if live is not None:
        return Begun(live.id, len(having))
    found = POPULATION.load(tx, [case])[case.id]
    ready = check(case.ref, case.data, found, settings_for(engine, tx, case)).ready
    lacking = [each for each in ready if each.person not in having]
    # Nobody opens a review of oneself: that one waits for another of HR.
    missing = [each for each in lacking if each.person not in tx.actor.identities]
    wanted = Campaign(REVIEWS, "opens the reviews of a cycle", case.id, opens=REVIEW)
    number = start_campaign(tx, wanted, (_item(each, found) for each in missing))
    return Begun(number, len(ready) - len(lacking), len(lacking) - len(missing))


def _item(member: Member, found: Population) -> dict[str, Any]:
    return {
        "person": member.person,
        "manager": rater_of(member, found),
        "unit": member.unit,
        "role": member.role,
        "level": member.level,
        "days": dict(found.days.get(member.person, {})),
    }


def open_reviews(engine: Engine, tx: Transaction, chunk: Chunk) -> None:
    """Open the reviews of a chunk; who has one meanwhile gets no second."""
    assert chunk.case is not None, "the reviews of a cycle"
    case = cases_by_id(engine.enter(tx), [chunk.case])[chunk.case]
    people = [each["person"] for each in chunk.items]
    having = set(tx.connection.execute(_having_of, {"cycle": case.id, "people": people}).scalars())
    profiles = Profiles(framework_content(tx, case.framework_version) if case.framework_version else None)
    engine.open_many(
        tx, [_review(case, each, profiles) for each in chunk.items if each["person"] not in having]
    )


def _review(cycle: CaseView, item: Mapping[str, Any], profiles: Profiles) -> Opening:
    return Opening(
        REVIEW,
        subject=item["person"],
        data=review_data(cycle.data, item["role"], item["level"], item["days"], profiles),
        participants={"manager": (item["manager"],)},
        parent=cycle,
        unit=item["unit"],
        about=cycle.data.title,
    )
