"""Judging: every condition of the transitions asked for, each with a reason.

All verdicts are gathered, also after the first refusal, so that one answer
tells everything that is in the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from talenthub.people.persons import persons
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Detail, Verdict, allow, refuse
from talenthub.workflow.calling import load_facts, verdict_of
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import CaseView, Context, Effect, Fact, Guard
from talenthub.workflow.definition import Transition
from talenthub.workflow.forms import check_form, without_added
from talenthub.workflow.persons_in import persons_in
from talenthub.workflow.pinning import settings_of
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import Authority, authority
from talenthub.workflow.sight import Sight, Sights, sights
from talenthub.workflow.tables import case_event

Filled = tuple[Any, Verdict]
"""A form as it was filled in, None where it is wrong; and what is said of it."""

_fired = select(
    case_event.c.case_id, case_event.c.transition, case_event.c.actor_id, case_event.c.login_id
).where(
    case_event.c.case_id.in_(bindparam("cases", expanding=True)),
    case_event.c.transition.in_(bindparam("names", expanding=True)),
)


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class Asked:
    """A transition somebody asks for; `form` is None when only asking why."""

    case: CaseView
    name: str
    form: Mapping[str, Any] | None


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class Judged:
    """One edge with all its verdicts: the system's view."""

    edge: Transition
    verdicts: tuple[Verdict, ...]
    context: Context

    @property
    def ok(self) -> bool:
        """Return whether every verdict says yes."""
        return all(verdict.ok for verdict in self.verdicts)

    @property
    def only_rights_fail(self) -> bool:
        """Return whether the actor's rights are the only thing in the way."""
        refusals = [verdict.kind for verdict in self.verdicts if not verdict.ok]
        return bool(refusals) and set(refusals) <= {"rights"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One edge with its verdicts as the asker may know them."""

    edge: Transition
    verdicts: tuple[Verdict, ...]

    @property
    def ok(self) -> bool:
        """Return whether every verdict says yes."""
        return all(verdict.ok for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Court:
    """What was loaded to judge a chunk: shared by all its verdicts."""

    rights: Authority
    seen: Sights
    facts: Mapping[str, Mapping[int, Any]]
    fired: Mapping[int, Sequence[tuple[str, frozenset[int]]]]
    settings: Mapping[int, Any]
    today: date


@dataclass(frozen=True, slots=True)
class Bench:
    """What the actor may claim to be, and sees, for some cases."""

    rights: Authority
    seen: Sights


def convene(
    tx: Transaction, catalogue: Catalogue, cases: Sequence[CaseView], relations: Sequence[Relation]
) -> Bench:
    """Return the actor's authority and sight for `cases`, loaded once."""
    unique = list({case.id: case for case in cases}.values())
    rights = authority(tx, unique, relations)
    return Bench(rights, sights(tx, catalogue, unique, rights))


def judge(
    tx: Transaction, catalogue: Catalogue, asked: Sequence[Asked], bench: Bench | None = None
) -> list[list[Judged]]:
    """Return, for each transition asked for, its edges with their verdicts.

    An empty list: no such transition leaves the case's state. The number of
    statements does not depend on how many are asked for.
    """
    loaded = [catalogue.running_for(each.case) for each in asked]
    edges = [each.kernel.leaving(ask.case.state, ask.name) for each, ask in zip(loaded, asked, strict=True)]
    court = _court(tx, catalogue, asked, loaded, edges, bench)
    forms = _forms(tx, asked, edges)
    judged = [
        [_judge_edge(tx, court, ask, owner, *each) for each in zip(leaving, filled, strict=True)]
        for ask, owner, leaving, filled in zip(asked, loaded, edges, forms, strict=True)
    ]
    return _in_actors_view(tx, catalogue, court, judged)


def _court(
    tx: Transaction,
    catalogue: Catalogue,
    asked: Sequence[Asked],
    loaded: Sequence[Loaded],
    edges: Sequence[Sequence[Transition]],
    bench: Bench | None,
) -> Court:
    cases = list({each.case.id: each.case for each in asked}.values())
    bench = bench or convene(
        tx,
        catalogue,
        cases,
        [*(edge.by for leaving in edges for edge in leaving), *(each.workflow.viewers for each in loaded)],
    )
    owners = {ask.case.id: each for ask, each in zip(asked, loaded, strict=True)}
    return Court(
        rights=bench.rights,
        seen=bench.seen,
        facts=load_facts(
            tx,
            (
                (ask.case, fact, ask.name)
                for ask, leaving in zip(asked, edges, strict=True)
                for fact in _declared(leaving)
            ),
        ),
        fired=_who_fired(
            tx, cases, {name for leaving in edges for edge in leaving for name in edge.four_eyes}
        ),
        settings={case.id: settings_of(tx, owners[case.id], case) for case in cases},
        today=tx.today,
    )


def _declared(edges: Iterable[Transition]) -> Iterable[Fact[Any]]:
    for edge in edges:
        for guard in edge.guards:
            yield from guard.facts
        for effect in edge.effects:
            yield from effect.facts


def _who_fired(
    tx: Transaction, cases: Sequence[CaseView], names: set[str]
) -> Mapping[int, Sequence[tuple[str, frozenset[int]]]]:
    found: dict[int, list[tuple[str, frozenset[int]]]] = defaultdict(list)
    if names:
        for row in tx.rows(_fired, {"cases": [case.id for case in cases], "names": sorted(names)}):
            people = frozenset(each for each in (row.actor_id, row.login_id) if each is not None)
            found[row.case_id].append((row.transition, people))
    return found


def _forms(
    tx: Transaction, asked: Sequence[Asked], edges: Sequence[Sequence[Transition]]
) -> list[list[Filled]]:
    """Return the forms of all edges, checked; who is named in one is somebody."""
    forms = [
        [check_form(edge.form, ask.form or {}) for edge in leaving]
        for ask, leaving in zip(asked, edges, strict=True)
    ]
    named = [[persons_in(form) for form, _ in filled] for filled in forms]
    numbers = {number for filled in named for each in filled for number in each}
    nobody = numbers - persons(tx, numbers).keys()
    if not nobody:
        return forms
    return [
        [_of_somebody(*each, nobody) for each in zip(filled, named_here, strict=True)]
        for filled, named_here in zip(forms, named, strict=True)
    ]


def _of_somebody(form: Filled, named: Set[int], nobody: Set[int]) -> Filled:
    strangers = [f"there is no person of the number {number}" for number in sorted(named & nobody)]
    return (None, refuse("The form is complete", *strangers).of("form", "form")) if strangers else form


def _judge_edge(
    tx: Transaction, court: Court, ask: Asked, owner: Loaded, edge: Transition, form_given: Filled
) -> Judged:
    filled, form_verdict = form_given
    form, added = without_added(edge.added, filled, ask.form or {})
    context = Context(
        case=ask.case,
        transition=edge.name,
        form=form,
        actor=tx.actor,
        now=tx.now,
        today=court.today,
        settings=court.settings[ask.case.id],
        facts=court.facts,
        added=added,
    )
    verdicts = [_rights(court, ask.case, edge), *_four_eyes(tx, court, ask.case, edge)]
    if ask.form is not None:
        verdicts.append(form_verdict)
    verdicts += (
        _guard(court, owner, each, context)
        for each in edge.guards
        if filled is not None or not _needs(edge, ask)
    )
    return Judged(edge, tuple(verdicts), context)


def _needs(edge: Transition, ask: Asked) -> bool:
    # A guard may read the form; without a right form it cannot be asked.
    return edge.form is not None and ask.form is not None


def _rights(court: Court, case: CaseView, edge: Transition) -> Verdict:
    by = court.rights.allows(edge.by, case)
    if by is not None:
        return Verdict(True, f"You may do this ({by})", name="rights", kind="rights")
    return Verdict(False, f"Only {edge.by.words} may do this", name="rights", kind="rights")


def _four_eyes(tx: Transaction, court: Court, case: CaseView, edge: Transition) -> Iterable[Verdict]:
    if not edge.four_eyes:
        return
    names = ", ".join(name.replace("_", " ") for name in edge.four_eyes)
    barred = {
        person for name, people in court.fired.get(case.id, ()) if name in edge.four_eyes for person in people
    }
    sentence = f"Somebody other than who did «{names}» does this"
    verdict = allow(sentence)
    if barred & tx.actor.identities:
        verdict = refuse(sentence, "that was you")
    elif (rights := court.rights.without(barred)) != court.rights and rights.allows(edge.by, case) is None:
        verdict = refuse(sentence, "you may do this only in the name of who did")
    yield verdict.of("four_eyes", "four_eyes")


def _guard(court: Court, owner: Loaded, each: Guard, context: Context) -> Verdict:
    if _is_blinded(court, each, context.case):
        # The answer itself would tell what others have rated.
        return Verdict(False, "This shows after you have locked your own rating", name=each.name)
    return verdict_of(owner, each, context)


def _is_blinded(court: Court, part: Guard | Effect, case: CaseView) -> bool:
    return any(
        fact.name.startswith("children:") and court.seen.is_blinded(case, fact.name.removeprefix("children:"))
        for fact in part.facts
    )


def _in_actors_view(
    tx: Transaction, catalogue: Catalogue, court: Court, judged: list[list[Judged]]
) -> list[list[Judged]]:
    """Return the same with the details left out that the actor may not know.

    Guards judge in the system's view; what is shown is in the actor's.
    """
    if not any(verdict.details for edges in judged for edge in edges for verdict in edge.verdicts):
        return judged
    spoken_of = {
        detail.case
        for edges in judged
        for edge in edges
        for verdict in edge.verdicts
        for detail in verdict.details
        if detail.case is not None
    }
    others = cases_by_id(tx, spoken_of - court.seen.by_case.keys()) if not tx.actor.is_system else {}
    known = (
        {**court.seen.by_case, **sights(tx, catalogue, list(others.values())).by_case}
        if others
        else court.seen.by_case
    )
    return [[replace(each, verdicts=_trimmed(known, each)) for each in edges] for edges in judged]


def _trimmed(known: Mapping[int, Sight], judged: Judged) -> tuple[Verdict, ...]:
    own = known[judged.context.case.id]
    return tuple(
        replace(
            verdict, details=tuple(each for each in verdict.details if _may_know(known, own, verdict, each))
        )
        for verdict in judged.verdicts
    )


def _may_know(known: Mapping[int, Sight], own: Sight, verdict: Verdict, detail: Detail) -> bool:
    if verdict.kind in ("form", "four_eyes"):
        return True  # it speaks of what the actor typed or did
    if own < Sight.CONTENT:
        return False
    return detail.case is None or known.get(detail.case, Sight.CONTENT) > Sight.NOTHING
