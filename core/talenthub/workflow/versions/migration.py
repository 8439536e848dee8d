"""Migration: what moving a case to another version of its workflow means.

Pure: the case, the declaration it runs on and the one it is to run on give
what it becomes, or the reason why it stays.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from talenthub.blame import OURS, broken
from talenthub.errors import Problem, UsageError, nearest, unknown
from talenthub.patience import called
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.choosing import refusal
from talenthub.workflow.context import CaseView
from talenthub.workflow.forms import form_faults
from talenthub.workflow.versions.stored import Declaration, hides

PLACE = "--map"


@dataclass(frozen=True, slots=True)
class Migration:
    """Which version cases of a workflow move to, and how states are mapped."""

    workflow: str
    to: int
    states: Mapping[str, str] = field(default_factory=dict)
    """Former state to new one; a state that is not named keeps its name."""


@dataclass(frozen=True, slots=True)
class Becoming:
    """A case and what it becomes on the other version."""

    case: CaseView
    state: str
    data: Any
    carries: Mapping[str, Any] | None
    """All that it carries from then on; None where nothing of it changes."""
    changed: tuple[str, ...] = ()
    """The fields that are new, changed or gone."""


def check_migration(wanted: Migration, target: Loaded, former: Collection[str]) -> None:
    """Raise UsageError with all that is wrong with a mapping.

    `former` are the states that any version ever had.
    """
    problems = list(_map_problems(wanted, target, former))
    if problems:
        raise UsageError.of(problems)


def _map_problems(wanted: Migration, target: Loaded, former: Collection[str]) -> Iterator[Problem]:
    now = {each.name: each for each in target.workflow.states}
    for old, new in wanted.states.items():
        if old not in former:
            yield unknown("state of a former version", old, former, place=PLACE)
        if new not in now:
            yield unknown(f"state of version {wanted.to}", new, now, place=PLACE)
        elif now[new].outcome is not None:
            open_ones = ", ".join(name for name, each in now.items() if each.outcome is None)
            text = "a case is moved, not ended: this state is final"
            yield Problem(text=text, place=PLACE, found=new, allowed=open_ones, code="workflow.map-final")


def becoming(case: CaseView, wanted: Migration, target: Loaded, declared: Declaration) -> Becoming:
    """Return what a case becomes; Refused says why it stays as it is."""
    _require_movable(case, wanted, target)
    state = _state(case, wanted, target)
    if hides(declared, case.state) and not _hides(target, state):
        sentence = f"what it carries is hidden now and would show in «{target.workflow.state(state).words}»"
        raise refusal(case, sentence, "blind")
    before = _plain(case)
    data = _data(case, before, target)
    after = data.model_dump(mode="json")
    changed = tuple(name for name in {**before, **after} if _differs(name, before, after))
    return Becoming(case, state, data, after if changed else None, changed)


def _differs(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return name not in before or name not in after or before[name] != after[name]


def _require_movable(case: CaseView, wanted: Migration, target: Loaded) -> None:
    if case.workflow != wanted.workflow:
        raise refusal(case, f"it is no case of {wanted.workflow}", "workflow", found=case.workflow)
    if not case.is_open:
        raise refusal(case, "it is closed and stays as it ended", "state")
    if (case.workflow_version, case.adjustment) == (wanted.to, target.adjustment_hash):
        raise refusal(case, f"it runs on version {wanted.to} already", "version")
    lost = sorted(set(case.participants) - set(target.workflow.participants))
    if lost:
        sentence = f"version {wanted.to} does not know who takes part in it"
        raise refusal(
            case, sentence, "participants", found=", ".join(lost), allowed=target.workflow.participants
        )


def _state(case: CaseView, wanted: Migration, target: Loaded) -> str:
    open_ones = [each.name for each in target.workflow.states if each.outcome is None]
    state = wanted.states.get(case.state, case.state)
    if state not in open_ones:
        likely = nearest(case.state, open_ones) or "STATE"
        sentence = f"version {wanted.to} has no state to go on in: say --map {case.state}={likely}"
        raise refusal(case, sentence, "unmapped", found=case.state, allowed=open_ones)
    return state


def _hides(target: Loaded, state: str) -> bool:
    blind = target.workflow.blind
    return blind is not None and state in (*blind.states, *blind.until_revealed)


def _plain(case: CaseView) -> dict[str, Any]:
    carried = case.data
    return dict(carried) if isinstance(carried, Mapping) else dict(carried.model_dump(mode="json"))


def _data(case: CaseView, before: Mapping[str, Any], target: Loaded) -> Any:
    model = target.workflow.data
    try:
        return model.model_validate(_upcast(case, before, target))
    except ValidationError as error:
        faults = form_faults(model, error)
        raise refusal(case, _unfit(target, faults), "data") from None


def _unfit(target: Loaded, faults: Iterable[str]) -> str:
    said = "; ".join(faults)
    return f"what it carries does not fit version {target.workflow.version}: {said}"


def _upcast(case: CaseView, before: Mapping[str, Any], target: Loaded) -> Mapping[str, Any]:
    upcast = target.workflow.upcasts.get(case.workflow_version)
    if upcast is None:
        return before
    part = f"{target.workflow.name}, the upcaster from version {case.workflow_version}"
    try:
        given = called(upcast, copy.deepcopy(dict(before)))
    except OURS:
        raise
    except BaseException as error:
        raise broken(target.plugin, part, error) from error
    if not isinstance(given, Mapping):
        wrong = TypeError(f"it returned {type(given).__name__}, not a mapping")
        raise broken(target.plugin, part, wrong, upcast)
    return given
