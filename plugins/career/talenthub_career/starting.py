"""Starting: placements, plans, aspirations and moves, each from a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from talenthub.sdk import (
    CaseView,
    Content,
    Engine,
    Person,
    Post,
    Problem,
    Refused,
    Transaction,
    UsageError,
    framework_content,
    managers_of,
    person,
    posts_of,
    profile,
    published,
    text_in,
)
from talenthub_career.accepting import accept, accept_review
from talenthub_career.finding import ASPIRATION, MOVE, PLACEMENT, PLAN, settings_now
from talenthub_career.paths import Place, Roles
from talenthub_career.placement_effects import course_of


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody on a post, and the framework that is in force for it."""

    who: Person
    post: Post
    version: int
    content: Content
    level: str

    @property
    def role_title(self) -> str:
        """Return the title of the role, in the framework's language."""
        role = profile(self.content, self.post.role_code, self.post.level).role
        return text_in(role.title, self.content.framework.language)


def seated(tx: Transaction, handle: str) -> Seated:
    """Return where somebody sits; UsageError where that is nowhere."""
    who = person(tx, handle)
    post = posts_of(tx, [who.id])[who.id]
    if post is None:
        mend = f"talent people move {handle} POST"
        raise UsageError(
            Problem(
                text="this person has no post, so no role is known",
                found=handle,
                mend=mend,
                code="career.no-post",
            )
        )
    version = published(tx, post.framework_code)
    content = framework_content(tx, version.id)
    return Seated(who, post, version.id, content, profile(content, post.role_code, post.level).level.code)


def next_place(found: Seated, role: str | None, level: str | None) -> Place | None:
    """Return the next role: the one named, or where one step up leads."""
    if role is not None:
        return Place(role, profile(found.content, role, level).level.code)
    return Roles(found.content).next_of(Place(found.post.role_code, found.level))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A placement that somebody asks for."""

    who: str
    occasion: str
    review: str | None = None
    """The reference of a case that brings results and ratings."""
    raters: tuple[str, ...] = ()
    """Default: the manager, and the manager's manager."""
    next_role: str | None = None
    next_level: str | None = None


def place(engine: Engine, tx: Transaction, wanted: Placing) -> CaseView:
    """Open a placement; Refused while another one of the person is open."""
    found = seated(tx, wanted.who)
    _refuse_open(engine, tx, found.who, PLACEMENT)
    raters = [person(tx, each).id for each in wanted.raters] or _line_of(tx, found.who)
    fewest = settings_now(engine).fewest_raters
    if len(set(raters) - {found.who.id}) < fewest:
        text = "a placement has at least so many raters, and nobody rates themselves"
        raise UsageError(
            Problem(text=text, found=str(len(set(raters))), allowed=f"{fewest} or more", place="--rater")
        )
    target = next_place(found, wanted.next_role, wanted.next_level)
    brought: dict[str, Any] = {}
    if wanted.review is not None:
        brought = dict(accept_review(_readable(engine, tx, wanted.review, found.who)))
    data = brought | {
        "occasion": wanted.occasion,
        "role": found.post.role_code,
        "level": found.level,
        "next_role": target and target.role,
        "next_level": target and target.level,
    }
    opened = engine.open(
        tx,
        PLACEMENT,
        subject=found.who.id,
        data=data,
        participants={"rater": tuple(dict.fromkeys(raters))},
        framework_version=found.version,
        unit=found.post.unit_id,
        about=wanted.occasion,
    )
    return engine.case(tx, opened.ref)


def _line_of(tx: Transaction, who: Person) -> list[int]:
    boss = managers_of(tx, [who.id])[who.id]
    upper = None if boss is None else managers_of(tx, [boss])[boss]
    return [each for each in (boss, upper) if each is not None]


def _readable(engine: Engine, tx: Transaction, ref: str, who: Person) -> CaseView:
    case = engine.case(tx, ref.upper())
    if case.subject != who.id or case.data is None:
        text = "this case is not about the person, or you may not read what it says"
        raise UsageError(Problem(text=text, place="--review", found=case.ref, code="career.review"))
    return case


def start(
    engine: Engine, tx: Transaction, handle: str, near_role: str | None = None, near_level: str | None = None
) -> CaseView:
    """Open a plan by the newest placement, or by the strategy for everybody.

    Refused while another one of the person has not been begun.
    """
    found = seated(tx, handle)
    for each in engine.of_workflow(tx, PLAN, subject=found.who.id, open_only=True):
        if each.state == "placed":
            raise _open_already(each)
    placed = [
        each
        for each in engine.of_workflow(tx, PLACEMENT, subject=found.who.id)
        if each.state == "placed" and each.data is not None
    ]
    settings = settings_now(engine)
    usual = settings.strategy(settings.without_placement)
    assert usual is not None, "the settings were checked"
    course = accept(placed[-1])["course"] if placed else course_of(usual).model_dump(mode="json")
    near = next_place(found, near_role, near_level)
    opened = engine.open(
        tx,
        PLAN,
        subject=found.who.id,
        data={
            "role": found.post.role_code,
            "level": found.level,
            "role_title": found.role_title,
            "near_role": near and near.role,
            "near_level": near and near.level,
            "course": course,
        },
        framework_version=found.version,
        unit=found.post.unit_id,
        about=found.role_title,
    )
    return engine.case(tx, opened.ref)


def hope(engine: Engine, tx: Transaction, handle: str, told: dict[str, Any]) -> CaseView:
    """Say how far somebody wants to go: in their one open aspiration."""
    who = person(tx, handle)
    mine = [each for each in engine.of_workflow(tx, ASPIRATION, subject=who.id) if each.is_open]
    if mine:
        engine.fire(tx, mine[-1].ref, "say", told)
        return engine.case(tx, mine[-1].ref)
    opened = engine.open(
        tx, ASPIRATION, subject=who.id, data={key: value for key, value in told.items() if value is not None}
    )
    return engine.case(tx, opened.ref)


def interest(
    engine: Engine, tx: Transaction, handle: str, role: str, level: str | None, why: str
) -> CaseView:
    """Open interest in a role; Refused while interest in it is open."""
    found = seated(tx, handle)
    wanted = profile(found.content, role, level)
    for each in engine.of_workflow(tx, MOVE, subject=found.who.id, open_only=True):
        if each.data is not None and each.data.role == role:
            raise _open_already(each)
    opened = engine.open(
        tx,
        MOVE,
        subject=found.who.id,
        data={"role": role, "level": wanted.level.code, "why": why},
        framework_version=found.version,
        unit=found.post.unit_id,
        about=text_in(wanted.role.title, found.content.framework.language),
    )
    return engine.case(tx, opened.ref)


def _refuse_open(engine: Engine, tx: Transaction, who: Person, workflow: str) -> None:
    for each in engine.of_workflow(tx, workflow, subject=who.id, open_only=True):
        raise _open_already(each)


def _open_already(case: CaseView) -> Refused:
    return Refused(
        Problem(
            text=f"{case.ref} is open already",
            found=case.about,
            mend=f"talent show {case.ref}",
            code="career.open-already",
        )
    )


def handles(tx: Transaction, words: Sequence[str]) -> list[int]:
    """Return the numbers of persons named by their handles."""
    return [person(tx, each).id for each in words]
