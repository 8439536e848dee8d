"""Choosing: what a request comes to, or the refusal that says why not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from talenthub.blame import broken
from talenthub.errors import Conflict, NotFound, NotPermitted, Problem, Refused, nearest
from talenthub.verdict import Verdict
from talenthub.workflow import intents as asked
from talenthub.workflow.calling import intents_of
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Workflow
from talenthub.workflow.forms import form_faults
from talenthub.workflow.judging import Asked, Judged

_ABSENT = object()
_NEARLY = re.compile(r"([A-Za-z]{2,5})[\s_./#]*(\d{1,12})", re.ASCII)
"""APP12, `app 12`: a reference without its hyphen."""


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class Accepted:
    """A request whose edge was chosen, and what it will do."""

    case: CaseView
    judged: Judged
    owner: Loaded
    intents: tuple[asked.Intent, ...]
    data: Any
    changes: Mapping[str, Any]
    cause: str | None


def not_found(ref: str | int) -> NotFound:
    """Return the one answer for what is not there and what may not be seen."""
    loose = _NEARLY.fullmatch(str(ref).strip())
    return NotFound(
        Problem(
            text="there is no such case, or it is not yours to see",
            found=str(ref),
            nearest=f"{loose[1].upper()}-{loose[2]}" if loose else None,
            code="case.not-found",
        )
    )


def changed_meanwhile(case: CaseView) -> Conflict:
    """Return the answer to whoever looked at an older version."""
    return Conflict(
        Problem(
            text=f"{case.ref} was changed meanwhile and is now «{case.state.replace('_', ' ')}»",
            mend=f"look again: talent show {case.ref}",
            code="case.changed",
        )
    )


def refusal(
    case: CaseView, sentence: str, kind: str, *, found: str | None = None, allowed: Collection[str] = ()
) -> Refused:
    """Return the refusal of what the state of a case does not allow."""
    verdict = Verdict(False, sentence, name=kind, kind=kind)
    problem = Problem(
        text=sentence,
        place=case.ref,
        found=found,
        allowed=", ".join(allowed) or None,
        nearest=nearest(found, allowed) if found else None,
        mend=f"talent why {case.ref}",
        code=f"case.{kind}",
    )
    return Refused(problem, [verdict])


def ended(case: CaseView, workflow: Workflow | None) -> Refused:
    """Refuse a step on a closed case: say how it ended and what goes on."""
    state = workflow.state(case.state) if workflow is not None else None
    words = state.words if state is not None else case.state.replace("_", " ")
    sentence = f"it ended on {case.closed_at:%Y-%m-%d} as «{words}» and takes no further step"
    after = state.afterwards if state is not None else ""
    mend = after.replace("{ref}", case.ref) or f"talent show {case.ref}"
    verdict = Verdict(False, sentence, name="state", kind="state", mend=mend)
    return Refused(Problem(text=sentence, place=case.ref, mend=mend, code="case.state"), [verdict])


def choose(owner: Loaded, question: Asked, judged: Sequence[Judged]) -> Judged:
    """Return the edge a request takes; raise with every verdict if none."""
    case, name = question.case, question.name
    if not judged:
        raise _no_such_edge(owner, case, name)
    place = owner.kernel.choose(case.state, name, tuple(each.ok for each in judged))
    if place is not None:
        return judged[place]
    nearest_to_yes = min(judged, key=lambda each: sum(not verdict.ok for verdict in each.verdicts))
    kind = NotPermitted if nearest_to_yes.only_rights_fail else Refused
    problem = Problem(
        text=f"«{nearest_to_yes.edge.words}» is not possible yet", place=case.ref, code="case.refused"
    )
    raise kind(problem, nearest_to_yes.verdicts)


def _no_such_edge(owner: Loaded, case: CaseView, name: str) -> Refused:
    workflow = owner.workflow
    possible = [each.name for each in workflow.edges(case.state) if each.by.includes_people]
    here = workflow.state(case.state).words
    if name in workflow.transition_names():
        return refusal(case, f"«{name}» does not start from «{here}»", "state", allowed=possible)
    refused = refusal(case, "unknown transition", "state", found=name, allowed=possible)
    if refused.problems[0].nearest is None:
        likely = nearest(name, workflow.transition_names())
        return Refused(replace(refused.problems[0], nearest=likely), refused.verdicts)
    return refused


def plan(owner: Loaded, case: CaseView, judged: Judged, cause: str | None) -> Accepted:
    """Return what the chosen edge will do; its effects are asked here."""
    # What an effect is told it may write down; a sealed form it is not told.
    context = replace(judged.context, form=None) if judged.edge.sealed else judged.context
    intents = intents_of(owner, judged.edge.effects, context)
    data, changes = _changed_data(owner, case, intents)
    return Accepted(case, judged, owner, intents, data, changes, cause)


def _changed_data(
    owner: Loaded, case: CaseView, intents: Sequence[asked.Intent]
) -> tuple[Any, dict[str, Any]]:
    asked_for = [each.changes for each in intents if isinstance(each, asked.UpdateData)]
    if not asked_for:
        return case.data, {}
    before = case.data.model_dump(mode="json")
    merged: dict[str, Any] = dict(before)
    for changes in asked_for:
        merged.update(changes)
    try:
        after = owner.workflow.data.model_validate(merged)
    except ValidationError as error:
        faults = "; ".join(form_faults(owner.workflow.data, error))
        part = f"{owner.workflow.name}, the data its effects ask for"
        raise broken(owner.plugin, part, ValueError(faults)) from error
    dumped = after.model_dump(mode="json")
    return after, {key: value for key, value in dumped.items() if before.get(key, _ABSENT) != value}
