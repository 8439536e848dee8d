"""Handoffs: one stage's event opens a case of another stage.

Opening is tried in a savepoint, so a broken or missing plugin never stops a
hire; the row that tells what came of it is written with the event. What
failed stays pending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from talenthub.blame import line_of
from talenthub.errors import Problem, TalentError, UsageError
from talenthub.patience import called, is_overtime
from talenthub.storage.late import settle
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.cases import cases_by_id, cases_by_ref
from talenthub.workflow.context import CaseView, field_of
from talenthub.workflow.definition import Workflow
from talenthub.workflow.deliveries import event_names
from talenthub.workflow.intents import FireCase
from talenthub.workflow.opening import Opening, open_cases
from talenthub.workflow.steps import Step
from talenthub.workflow.tables import PENDING, handoff

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

_insert = insert(handoff)
_pending = select(handoff).where(handoff.c.status == PENDING).order_by(handoff.c.id)
_claim = _pending.with_for_update(skip_locked=True)
_result = (
    update(handoff)
    .where(handoff.c.id == bindparam("which"))
    .values(
        status=bindparam("now_is"),
        opened_case_id=bindparam("opened"),
        error=bindparam("why"),
        attempts=handoff.c.attempts + 1,
        tried_at=bindparam("moment"),
    )
)


@dataclass(frozen=True, slots=True)
class HandoffRule:
    """What the organisation configured: on an event, open a workflow."""

    on: str
    opens: str
    under: str = ""
    """The field that names the case it opens under; empty: under none."""

    def __str__(self) -> str:
        """Return the rule in words: `a.b.hired → onboarding.plan`."""
        return f"{self.on} → {self.opens}"


@dataclass(frozen=True, slots=True)
class PendingHandoff:
    """A handoff that waits: for a plugin, or for a fault to be mended."""

    id: int
    case: CaseView
    rule: str
    opens: str
    error: str
    attempts: int


def offer_handoffs(engine: Engine, tx: Transaction, steps: Sequence[Step], depth: int) -> None:
    """Try to open for each rule that an event meets; write what came of it."""
    met = [(step.after, rule) for step in steps for rule in engine.handoffs if rule.on in event_names(step)]
    rows: list[dict[str, object]] = []
    for rule in dict.fromkeys(rule for _, rule in met):
        cases = [case for case, each in met if each == rule]
        results = _try(engine, tx, cases, rule, depth)
        rows += [
            {
                "case_id": case.id,
                "version": case.version,
                "rule": str(rule),
                "opens": rule.opens,
                "attempts": 1,
                "tried_at": tx.now,
                **result.columns,
            }
            for case, result in zip(cases, results, strict=True)
        ]
    tx.write(_insert, rows)


def pending_handoffs(tx: Transaction) -> list[PendingHandoff]:
    """Return the handoffs that wait, oldest first: the system's view."""
    rows = tx.rows(_pending)
    cases = cases_by_id(tx, {row.case_id for row in rows})
    return [
        PendingHandoff(row.id, cases[row.case_id], row.rule, row.opens, row.error or "", row.attempts)
        for row in rows
    ]


def retry_handoffs(engine: Engine, tx: Transaction) -> int:
    """Try every pending handoff again; return how many opened."""
    # Claimed, so that two who retry at once do not open two cases.
    rows = tx.rows(_claim)
    cases = cases_by_id(tx, {row.case_id for row in rows})
    # By the rule as it reads today, so that a mended one helps what waits.
    rules = {str(each): each for each in engine.handoffs}
    waiting: dict[HandoffRule, list[tuple[int, CaseView]]] = {}
    for row in rows:
        rule = rules.get(row.rule) or HandoffRule("", row.opens)
        waiting.setdefault(rule, []).append((row.id, cases[row.case_id]))
    return sum(_try_again(engine, tx, each, rule) for rule, each in waiting.items())


def _try_again(
    engine: Engine, tx: Transaction, waiting: Sequence[tuple[int, CaseView]], rule: HandoffRule
) -> int:
    """Try what was tried before, and keep what came of it; return how many opened."""
    results = _try(engine, tx, [case for _, case in waiting], rule, 0)
    rows = [
        {"which": number, "now_is": each.status, "opened": each.opened, "why": each.why, "moment": tx.now}
        for (number, _), each in zip(waiting, results, strict=True)
    ]
    tx.write(_result, rows)
    return sum(each.opened is not None for each in results)


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of trying to open a case: its id, or why there is none."""

    opened: int | None = None
    why: str | None = None

    @property
    def status(self) -> str:
        """Return the status of its row."""
        return "pending" if self.opened is None else "opened"

    @property
    def columns(self) -> dict[str, object]:
        """Return it as columns of its row."""
        return {"status": self.status, "opened_case_id": self.opened, "error": self.why}


def _try(
    engine: Engine, tx: Transaction, cases: Sequence[CaseView], rule: HandoffRule, depth: int
) -> list[_Result]:
    if rule.opens not in engine.catalogue.names():
        return [_Result(why=f"no enabled plugin brings {rule.opens}")] * len(cases)
    try:
        with tx.savepoint():
            engine.check_depth(depth)
            opened = _open(engine, tx, cases, rule, depth)
            settle(tx)
    except (Exception, SystemExit) as error:  # whatever a plugin raises, the hire stands
        if tx.connection.invalidated:
            raise  # where the disk is full, it does not
        if len(cases) > 1:
            return [each for case in cases for each in _try(engine, tx, [case], rule, depth)]
        return [_Result(why=_in_words(error, rule.opens))]
    return [_Result(opened=each) for each in opened]


def _open(
    engine: Engine, tx: Transaction, cases: Sequence[CaseView], rule: HandoffRule, depth: int
) -> list[int]:
    workflow = engine.catalogue.newest(rule.opens).workflow
    if (fault := under_fault(rule, workflow)) is not None:
        raise UsageError(Problem(text=fault, place=str(rule)))
    if rule.under:
        return _enter(engine, tx, cases, rule, depth)
    openings = [
        Opening(
            workflow=rule.opens,
            subject=case.subject,
            data=_handed_over(workflow, case),
            framework_version=case.framework_version,
            unit=case.unit,
            about=case.about,
            cause=f"{case.ref}/{case.version}",
        )
        for case in cases
    ]
    return [each.id for each in open_cases(engine, tx.by(SYSTEM), openings, depth=depth + 1)]


def under_fault(rule: HandoffRule, workflow: Workflow) -> str | None:
    """Return why cases of a workflow cannot open by a rule; None if they can."""
    if workflow.entered_by and not rule.under:
        return f"{workflow.name} opens under another case, and the rule does not say which: under"
    if rule.under and not workflow.entered_by:
        return f"{workflow.name} opens by itself, under no other case"
    return None


def _enter(
    engine: Engine, tx: Transaction, cases: Sequence[CaseView], rule: HandoffRule, depth: int
) -> list[int]:
    """Have the cases above open them, by their own guards and effects."""
    workflow = engine.catalogue.newest(rule.opens).workflow
    above = _named(tx, cases, rule, workflow)
    wanted = [
        (
            f"{case.ref}/{case.version}",
            FireCase(parent.id, workflow.entered_by, _handed_over(workflow, case)),
        )
        for case, parent in zip(cases, above, strict=True)
    ]
    fired = engine.fire_as_system(tx, wanted, depth=depth + 1)
    opened = cases_by_ref(tx, [each.opened[0] for each in fired])
    return [opened[each.opened[0]].id for each in fired]


def _named(
    tx: Transaction, cases: Sequence[CaseView], rule: HandoffRule, workflow: Workflow
) -> list[CaseView]:
    """Return the case that each names as the one above."""
    words = [str(field_of(case.data, rule.under) or "").upper() for case in cases]
    found = cases_by_ref(tx, [each for each in words if each])
    for word in words:
        if word not in found or found[word].workflow != workflow.parent:
            text = f"its field {rule.under} names no case of {workflow.parent}"
            raise UsageError(Problem(text=text, found=word or "nothing"))
    return [found[word] for word in words]


def _handed_over(workflow: Workflow, case: CaseView) -> Mapping[str, Any]:
    return called(workflow.from_handoff, case) if workflow.from_handoff is not None else {}


def _in_words(error: BaseException, opens: str) -> str:
    if isinstance(error, TalentError):
        # The sentences of the conditions are everybody's; their details are not.
        said = str(error)
        unmet = [each.text for each in getattr(error, "verdicts", ()) if not each.ok]
        return "; ".join([said, *(each for each in unmet if each not in said)])[:500]
    if is_overtime(error):
        return f"{line_of(error)}: it did not end within plugins.longest_call while opening {opens}"
    return f"{type(error).__name__} while opening {opens}"
