"""How the cases of a vacancy hang together: by reference, plan and codes."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    UsageError,
    cases_by_id,
    framework_content,
)
from talenthub_recruitment.cases import Plan
from talenthub_recruitment.plan import compile_plan


def selection_of(engine: Engine, tx: Transaction, ref: str) -> CaseView:
    """Return the selection that a requisition, application or itself is of."""
    return selections_of(engine, tx, [ref])[ref]


def selections_of(engine: Engine, tx: Transaction, refs: Sequence[str]) -> dict[str, CaseView]:
    """Return the selection of each reference; a fixed number of statements.

    NotFound or UsageError of the first that is of none.
    """
    cases = engine.cases(tx, refs)
    asked = [each for each in cases.values() if each.workflow == "recruitment.requisition"]
    own = engine.children_of(tx, [each.id for each in asked], "recruitment.selection")
    shared = {each.id: pointer for each in asked if (pointer := _shared(each, own[each.id])) is not None}
    numbers = {
        each.parent
        for each in cases.values()
        if each.workflow == "recruitment.application" and each.parent is not None
    }
    above = cases_by_id(tx, numbers)
    further = engine.cases(tx, [*shared.values(), *(each.ref for each in above.values())])
    found = {each.id: own[each.id][-1] for each in asked if own[each.id]}
    found |= {number: further[ref] for number, ref in shared.items()}
    found |= {each.id: further[above[each.parent].ref] for each in cases.values() if each.parent in above}
    return {ref: found[cases[ref].id] if cases[ref].id in found else _itself(cases[ref]) for ref in refs}


def _shared(requisition: CaseView, own: Sequence[CaseView]) -> str | None:
    """Return the reference of another's selection that fills it by now."""
    pointer = requisition.data.shares if requisition.data is not None else None
    if pointer is None or (own and own[-1].id >= pointer.case):
        return None
    return str(pointer.ref)


def _itself(case: CaseView) -> CaseView:
    if case.workflow == "recruitment.requisition":
        raise NotFound(
            Problem(
                text="the requisition has no selection yet",
                place=case.ref,
                mend=f"once it is approved: talent do {case.ref} open",
                code="recruitment.no-selection",
            )
        )
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


def codes_of(application: CaseView) -> tuple[str, ...]:
    """Return the competencies that an application is rated on, if one may see."""
    return () if application.data is None else tuple(each.competency for each in application.data.measures)


def each_application(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[CaseView]:
    """Return the applications that references stand for, each once, in order.

    One stands for itself, a selection or requisition for all of its own.
    """
    if not refs:
        return []
    cases = engine.cases(tx, refs)
    others = [ref for ref in refs if cases[ref].workflow != "recruitment.application"]
    selections = selections_of(engine, tx, others) if others else {}
    listed = engine.children_of(tx, [each.id for each in selections.values()], "recruitment.application")
    found = [
        each for ref in refs for each in (listed[selections[ref].id] if ref in selections else (cases[ref],))
    ]
    return list({each.id: each for each in found}.values())
