"""The named guards of the core: what organisations most often ask for.

Each is a NamedGuard that talenthub.toml may name; all of them only ever make
a step harder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from talenthub.people.grants import grants_of
from talenthub.people.units import unit_paths
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict, allow, refuse
from talenthub.workflow.adjusting.named_guards import NamedGuard, NameOf
from talenthub.workflow.calendar import Workdays
from talenthub.workflow.context import CaseView, Context, Fact, Guard
from talenthub.workflow.facts import HISTORY, about_subject
from talenthub.workflow.history import StoredEvent, histories
from talenthub.workflow.subject_facts import WORKDAYS


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FieldFilled(_Values):
    """Which field of the form."""

    field: Annotated[str, NameOf.FIELD] = Field(description="A field of the step's form.")


class StepNoted(_Values):
    """Which field, of which earlier step."""

    step: Annotated[str, NameOf.STEP] = Field(description="An earlier step of the case.")
    field: Annotated[str, NameOf.FIELD_OF_STEP] = Field(description="A field of its form.")


class DaysInState(_Values):
    """How many days."""

    days: int = Field(ge=1, le=3_660, description="How many.")
    working: bool = Field(default=True, description="Whether only working days count.")


class OtherCase(_Values):
    """Which workflow, and what must be true of the subject's cases of it."""

    workflow: Annotated[str, NameOf.WORKFLOW] = Field(description="plugin.workflow.")
    must_be: Literal["absent", "closed", "succeeded"] = Field(
        default="closed",
        description="absent: never opened; closed: none open; succeeded: one ended well.",
    )


class StepByHolder(_Values):
    """Which step, by holders of which grant."""

    step: Annotated[str, NameOf.STEP] = Field(description="An earlier step of the case.")
    grant: Annotated[str, NameOf.GRANT] = Field(description="The grant its doer holds.")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def field_filled(values: FieldFilled) -> Guard:
    """Return the guard that a field of the form is filled in."""
    said = f"«{_words(values.field)}» is filled in"

    def check(context: Context) -> Verdict:
        if context.form is None and not context.added:
            return allow(said, "the step asks for it")
        value = context.added.get(values.field, getattr(context.form, values.field, None))
        return refuse(said) if _is_blank(value) else allow(said)

    return Guard("field_filled", check, says=said)


def step_noted(values: StepNoted) -> Guard:
    """Return the guard that an earlier step noted something."""
    said = f"«{_words(values.field)}» was noted at «{_words(values.step)}»"

    def check(context: Context) -> Verdict:
        steps = [each for each in context.fact(HISTORY) if each.transition == values.step]
        if any(not _is_blank(each.form.get(values.field)) for each in steps):
            return allow(said)
        return refuse(said, "the field was left empty" if steps else "that step was not taken yet")

    return Guard("step_noted", check, (HISTORY,), says=said)


def days_in_state(values: DaysInState) -> Guard:
    """Return the guard that days have passed since the state began."""
    kind = ("working day" if values.working else "day") + ("" if values.days == 1 else "s")
    said = f"{values.days} {kind} have passed in this state"

    def check(context: Context) -> Verdict:
        first = _first_day(context.case, values, context.fact(WORKDAYS))
        return allow(said) if context.today >= first else refuse(said, f"that is on {first.isoformat()}")

    return Guard("days_in_state", check, (WORKDAYS,), says=said)


def _first_day(case: CaseView, values: DaysInState, workdays: Workdays) -> date:
    began = workdays.day_of(case.entered_at)
    return workdays.add(began, values.days) if values.working else began + timedelta(days=values.days)


def other_case(values: OtherCase) -> Guard:
    """Return the guard on the subject's cases of another workflow."""
    fact = about_subject(values.workflow)
    name = _words(values.workflow.rpartition(".")[2])
    said = {
        "absent": f"Nothing else was opened about the same person: {name}",
        "closed": f"Nothing else is open about the same person: {name}",
        "succeeded": f"Something about the same person has ended well: {name}",
    }[values.must_be]

    def check(context: Context) -> Verdict:
        others = [each for each in context.fact(fact) if each.id != context.case.id]
        return allow(said) if _fits(others, values.must_be) else refuse(said)

    return Guard("other_case", check, (fact,), says=said)


def _fits(others: Sequence[CaseView], must_be: str) -> bool:
    if must_be == "absent":
        return not others
    if must_be == "closed":
        return not any(each.is_open for each in others)
    return any(each.outcome == "success" for each in others)


def step_by_holder(values: StepByHolder) -> Guard:
    """Return the guard that a holder of a grant has taken a step."""
    fact = _takers(values)
    said = f"«{_words(values.step)}» was done by a holder of {_words(values.grant)}"

    def check(context: Context) -> Verdict:
        return allow(said) if context.fact(fact) else refuse(said)

    return Guard("step_by_holder", check, (fact,), says=said)


def _takers(values: StepByHolder) -> Fact[bool]:
    """Return the fact: whether one who did the step holds the grant today."""

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, bool]:
        events = histories(tx, [case.id for case in cases])
        doers = {case.id: _doers(events[case.id], values.step) for case in cases}
        held = grants_of(tx, set().union(*doers.values()))
        paths = unit_paths(tx)
        return {
            case.id: any(
                grant.name == values.grant
                and (case.unit is None or grant.unit_id in (None, *paths.get(case.unit, ())))
                for doer in doers[case.id]
                for grant in held[doer]
            )
            for case in cases
        }

    return Fact(f"taken:{values.step}:{values.grant}", load)


def _doers(events: Sequence[StoredEvent], step: str) -> set[int]:
    return {each.actor.person for each in events if each.transition == step and each.actor.person is not None}


CORE_GUARDS: Mapping[str, NamedGuard] = MappingProxyType(
    {
        each.name: each
        for each in (
            NamedGuard("field_filled", "A field of the step's form is filled in.", field_filled, FieldFilled),
            NamedGuard("step_noted", "An earlier step filled in a field.", step_noted, StepNoted),
            NamedGuard(
                "days_in_state", "Days have passed since the state began.", days_in_state, DaysInState
            ),
            NamedGuard(
                "other_case",
                "The person's other cases of a workflow are closed, absent or ended well.",
                other_case,
                OtherCase,
            ),
            NamedGuard(
                "step_by_holder",
                "An earlier step was done by a holder of a grant.",
                step_by_holder,
                StepByHolder,
            ),
        )
    }
)
"""By name; plugins bring more."""
