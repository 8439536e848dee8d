"""Opening a vacancy: the requisition, and what its cases hang together by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    UsageError,
    cases_by_id,
    framework_content,
    person,
    profile,
    published,
    text_in,
    unit,
    vacant_posts,
    versions,
)
from talenthub_recruitment.cases import Plan
from talenthub_recruitment.plan import compile_plan, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """What somebody asks for: seats of a role in a unit, and a panel."""

    role: str
    unit: str
    reason: str
    chair: str
    panel: tuple[str, ...] = ()
    positions: int = 1
    posts: tuple[str, ...] = ()
    level: str | None = None
    framework: str | None = None


def open_requisition(engine: Engine, tx: Transaction, wanted: Vacancy) -> CaseView:
    """Open and submit a requisition; return it.

    Posts that are not named are the vacant ones of the role in the unit.
    """
    code = wanted.framework or _only_framework(tx)
    version = published(tx, code)
    content = framework_content(tx, version.id)
    if not content.roles:
        raise NotFound(
            Problem(
                text=f"{code} {version.number} has no roles, and a vacancy is for a role",
                found=wanted.role,
                mend="import a version with roles, or name another framework with --framework",
                code="recruitment.no-roles",
            )
        )
    found = profile(content, wanted.role, wanted.level)
    where = unit(tx, wanted.unit)
    chair, panel = person(tx, wanted.chair), [person(tx, handle) for handle in wanted.panel]
    vacant = [
        each.code
        for each in vacant_posts(tx, wanted.role, where.id)
        if each.framework_code == code and wanted.level in (None, each.level)
    ]
    opened = engine.open(
        tx,
        "recruitment.requisition",
        data={
            "role": wanted.role,
            "level": wanted.level,
            "positions": wanted.positions,
            "posts": list(wanted.posts or vacant[: wanted.positions]),
            "reason": wanted.reason,
        },
        participants={"chair": (chair.id,), "assessor": tuple(each.id for each in panel)},
        framework_version=version.id,
        unit=where.id,
        about=f"{text_in(title_of(found), content.framework.language)}, {where.name}",
    )
    engine.fire(tx, opened.ref, "submit")
    return engine.case(tx, opened.ref)


def _only_framework(tx: Transaction) -> str:
    codes = sorted({each.code for each in versions(tx)})
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise NotFound(Problem(text="there is no framework yet", mend="talent framework import FILE"))
    raise UsageError(Problem(text="name the framework", place="--framework", allowed=", ".join(codes)))


def selection_of(engine: Engine, tx: Transaction, ref: str) -> CaseView:
    """Return the selection that a requisition, application or itself is of."""
    case = engine.case(tx, ref)
    if case.workflow == "recruitment.requisition":
        found = engine.children(tx, case.id, "recruitment.selection")
        shared = case.data.shares if case.data is not None else None
        if shared is not None and (not found or found[-1].id < shared.case):
            return engine.case(tx, shared.ref)
        if found:
            return found[-1]
        raise NotFound(
            Problem(
                text="the requisition has no selection yet",
                place=ref,
                mend=f"once it is approved: talent do {ref} open",
                code="recruitment.no-selection",
            )
        )
    if case.workflow == "recruitment.application" and case.parent is not None:
        return engine.case(tx, cases_by_id(tx, [case.parent])[case.parent].ref)
    return expect(case, "recruitment.selection")


def plan_of(engine: Engine, tx: Transaction, ref: str) -> Plan:
    """Return the interview plan of a case; of a requisition the one to come."""
    case = engine.case(tx, ref)
    if case.workflow == "recruitment.requisition" and case.framework_version is not None:
        found = engine.children(tx, case.id, "recruitment.selection")
        if not found and case.data is not None and case.data.shares is None:
            return compile_plan(
                framework_content(tx, case.framework_version), case.data.role, case.data.level
            )
    selection = selection_of(engine, tx, ref)
    if selection.data is None:
        raise NotFound(Problem(text="there is no such case, or it is not yours to see", found=ref))
    plan: Plan = selection.data.plan
    return plan


def expect(case: CaseView, *workflows: str) -> CaseView:
    """Return the case; UsageError if it is of another workflow."""
    if case.workflow in workflows:
        return case
    words = " or ".join(each.rpartition(".")[2] for each in workflows)
    raise UsageError(
        Problem(
            text=f"this is not the reference of a {words}",
            found=case.ref,
            allowed=words,
            code="recruitment.wrong-case",
        )
    )


def applications_of(engine: Engine, tx: Transaction, ref: str) -> tuple[CaseView, ...]:
    """Return the applications that a reference stands for: one or all."""
    case = engine.case(tx, ref)
    if case.workflow == "recruitment.application":
        return (case,)
    return engine.children(tx, selection_of(engine, tx, ref).id, "recruitment.application")


def codes_of(application: CaseView) -> tuple[str, ...]:
    """Return the competencies that an application is rated on, if one may see."""
    return () if application.data is None else tuple(each.competency for each in application.data.measures)


def each_application(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[CaseView]:
    """Return the applications of several references, each once."""
    found = {case.id: case for ref in refs for case in applications_of(engine, tx, ref)}
    return list(found.values())
