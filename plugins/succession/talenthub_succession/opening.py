"""Opening critical posts and nominations, one or a file of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from talenthub.sdk import (
    CaseView,
    CsvRow,
    Engine,
    Fired,
    Opening,
    Problem,
    Refused,
    Request,
    TalentError,
    Transaction,
    UsageError,
    by_row,
    chosen_code,
    framework_content,
    person,
    post,
    published,
    role_profile,
    unit,
)
from talenthub_succession.cases import CriticalPost
from talenthub_succession.finding import NOMINATION, POST, post_case


@dataclass(frozen=True, slots=True)
class PostWanted:
    """A post that is to become critical."""

    post: str
    owner: str | None = None
    criticality: str | None = None
    leaving: str | None = None
    reason: str = ""
    row: CsvRow | None = None
    """Where a file says so; None for one that was typed."""

    @property
    def form(self) -> dict[str, Any] | None:
        """Return the form of `designate`; None where nothing is said yet."""
        if self.criticality is None and self.leaving is None and not self.reason:
            return None
        said = {"criticality": self.criticality, "leaving": self.leaving, "reason": self.reason}
        return {name: value for name, value in said.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A nomination that somebody asks for."""

    person: str
    purpose: str
    post: str | None = None
    """A critical post, by its code or reference."""
    role: str | None = None
    unit: str | None = None
    rationale: str = ""
    competencies: tuple[str, ...] = ()
    reference: str | None = None
    row: CsvRow | None = None
    """Where a file says so; None for one that was typed."""


def open_posts(engine: Engine, tx: Transaction, wanted: Sequence[PostWanted]) -> list[CaseView]:
    """Open critical posts: all of them or, with every fault, none."""
    rows = [each.row for each in wanted]
    having = {
        each.data.post for each in engine.of_workflow(tx, POST, open_only=True) if each.data is not None
    }
    opened = engine.open_many(tx, by_row(rows, [partial(_opening, tx, each, having) for each in wanted]))
    _fire(
        engine,
        tx,
        "designate",
        [
            (case.ref, each.post, each.form, each.row)
            for case, each in zip(opened, wanted, strict=True)
            if each.form is not None
        ],
    )
    return list(engine.cases(tx, [case.ref for case in opened]).values())


Said = tuple[str, str, Mapping[str, Any], CsvRow | None]
"""A case that was just opened, what people call it, its form and its row."""


def _fire(engine: Engine, tx: Transaction, step: str, said: Sequence[Said]) -> None:
    """Fire a step on all; what is refused is told by what people typed."""
    answers = engine.fire_many(tx, [Request(ref, step, form) for ref, _, form, _ in said])
    rows = [row for *_, row in said]
    by_row(rows, [partial(_done, *pair) for pair in zip(said, answers, strict=True)])


def _done(said: Said, answer: Fired | TalentError) -> Fired:
    # All is taken back, and the reference with it: nobody could look it up.
    if isinstance(answer, Refused):
        raise Refused(replace(answer.problems[0], place=said[1]), answer.verdicts)
    if isinstance(answer, TalentError):
        raise answer
    return answer


def _opening(tx: Transaction, wanted: PostWanted, having: set[str]) -> Opening:
    """Return the critical post to open; from now on `having` holds it."""
    found = post(tx, wanted.post)
    if found.code in having:
        text, code = "this post is among the critical ones", "succession.post-taken"
        raise Refused(Problem(text=text, found=found.code, code=code))
    having.add(found.code)
    version = published(tx, found.framework_code)
    role_profile(tx, version.id, found.role_code, found.level)
    return Opening(
        POST,
        data={"post": found.code, "seat": found.id, "role": found.role_code, "level": found.level},
        participants={"owner": (person(tx, wanted.owner).id,)} if wanted.owner else {},
        framework_version=version.id,
        unit=found.unit_id,
        about=found.code,
    )


def open_nominations(engine: Engine, tx: Transaction, wanted: Sequence[Wanted]) -> list[CaseView]:
    """Open nominations as drafts, and submit those with reasons.

    All of them or, with every fault, none.
    """
    rows = [each.row for each in wanted]
    having = _nominated(engine, tx) if any(rows) else {}
    made = by_row(rows, [partial(_draft, engine, tx, each, having) for each in wanted])
    opened = engine.open_many(tx, [opening for opening, _ in made])
    _fire(
        engine,
        tx,
        "submit",
        [
            (case.ref, each.person, form, each.row)
            for case, each, (_, form) in zip(opened, wanted, made, strict=True)
            if form is not None
        ],
    )
    return list(engine.cases(tx, [case.ref for case in opened]).values())


Meant = tuple[int | None, str, str | None, str]
"""Who is nominated, for which purpose, on which post, in which role."""


def _nominated(engine: Engine, tx: Transaction) -> dict[Meant, str]:
    """Return what is open in the view of who asks, with its reference."""
    found = engine.of_workflow(tx, NOMINATION, open_only=True)
    return {
        (each.subject, each.data.purpose, each.data.post, each.data.role): f"as {each.ref}"
        for each in found
        if each.data is not None
    }


def _draft(
    engine: Engine, tx: Transaction, wanted: Wanted, having: dict[Meant, str]
) -> tuple[Opening, dict[str, Any] | None]:
    """Return the nomination to open, and the form of its submission if any.

    A file that is read again would nominate everybody twice.
    """
    opening = _nomination(engine, tx, wanted)
    if wanted.row is not None:
        said = opening.data
        meant = (opening.subject, said["purpose"], said.get("post"), said["role"])
        if meant in having:
            text = f"this is nominated already, {having[meant]}"
            raise Refused(Problem(text=text, found=wanted.person, code="succession.nominated"))
        having[meant] = f"in line {wanted.row.line}"
    if not wanted.rationale:
        return opening, None
    form = {"rationale": wanted.rationale, "competencies": wanted.competencies}
    return opening, form | ({"reference": person(tx, wanted.reference).id} if wanted.reference else {})


def _nomination(engine: Engine, tx: Transaction, wanted: Wanted) -> Opening:
    nominee = person(tx, wanted.person).id
    nominator = {"nominator": (tx.actor.person,)} if tx.actor.person is not None else {}
    if wanted.post is None:
        return _for_role(tx, wanted, nominee, nominator)
    parent = post_case(engine, tx, wanted.post)
    target: CriticalPost = parent.data
    owner = tuple(each for each in parent.people("owner") if each != nominee)
    return Opening(
        NOMINATION,
        subject=nominee,
        data={
            "purpose": wanted.purpose,
            "role": target.role,
            "level": target.level,
            "post": target.post,
        },
        participants={**nominator, "owner": owner},
        parent=parent,
        framework_version=_version_like(tx, parent),
    )


def _for_role(
    tx: Transaction, wanted: Wanted, nominee: int, nominator: Mapping[str, tuple[int, ...]]
) -> Opening:
    if wanted.role is None or wanted.purpose == "successor":
        raise UsageError(
            Problem(
                text="a successor follows on a post; the other purposes name a post or a role",
                found=f"{wanted.person}: {wanted.purpose}",
                mend="--post CODE, or --role ROLE --purpose advancement",
                code="succession.no-target",
            )
        )
    version = published(tx, chosen_code(tx, None))
    found = role_profile(tx, version.id, wanted.role, None)
    return Opening(
        NOMINATION,
        subject=nominee,
        data={"purpose": wanted.purpose, "role": found.role.code, "level": found.level.code},
        participants=nominator,
        framework_version=version.id,
        unit=None if wanted.unit is None else unit(tx, wanted.unit).id,
        about=found.role.code,
    )


def _version_like(tx: Transaction, parent: CaseView) -> int:
    assert parent.framework_version is not None, "a critical post pins one"
    code = framework_content(tx, parent.framework_version).framework.code
    return published(tx, code).id
