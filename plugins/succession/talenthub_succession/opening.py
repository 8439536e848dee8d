"""Opening critical posts and nominations, one or a file of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from talenthub.sdk import (
    CaseView,
    Engine,
    Opening,
    Problem,
    Refused,
    Transaction,
    UsageError,
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


def open_posts(engine: Engine, tx: Transaction, wanted: Sequence[PostWanted]) -> list[CaseView]:
    """Open critical posts, all or none; one that is there already is Refused."""
    having = {
        each.data.post for each in engine.of_workflow(tx, POST, open_only=True) if each.data is not None
    }
    openings = []
    for each in wanted:
        if each.post in having:
            raise Refused(
                Problem(
                    text="this post is among the critical ones", found=each.post, code="succession.post-taken"
                )
            )
        having.add(each.post)
        openings.append(_opening(tx, each))
    opened = engine.open_many(tx, openings)
    for case, each in zip(opened, wanted, strict=True):
        if each.form is not None:
            engine.fire(tx, case.ref, "designate", each.form)
    return [engine.case(tx, case.ref) for case in opened]


def _opening(tx: Transaction, wanted: PostWanted) -> Opening:
    found = post(tx, wanted.post)
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
    """Open nominations as drafts, all or none, and submit those with reasons."""
    opened = engine.open_many(tx, [_nomination(engine, tx, each) for each in wanted])
    for case, each in zip(opened, wanted, strict=True):
        if each.rationale:
            form = {"rationale": each.rationale, "competencies": each.competencies}
            reference = {"reference": person(tx, each.reference).id} if each.reference else {}
            engine.fire(tx, case.ref, "submit", {**form, **reference})
    return [engine.case(tx, case.ref) for case in opened]


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
