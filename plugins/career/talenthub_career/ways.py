"""Ways: what paths and reachable roles somebody has, from their standings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import Engine, NotFound, Problem, Transaction, profile, standings, view_person
from talenthub_career.exact import exact
from talenthub_career.facts import PURPOSE
from talenthub_career.finding import settings_now
from talenthub_career.paths import Place, Reach, Roles, Step, reachable, shortest
from talenthub_career.starting import seated
from talenthub_career.telling import velocity_of


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody can get to, how fast, and by which figures."""

    start: Place
    velocity: Fraction
    observed: tuple[Fraction, ...]
    """Of each closed target that the velocity rests on."""
    steps: tuple[Step, ...]
    reaches: tuple[Reach, ...]


def way_of(
    engine: Engine, tx: Transaction, handle: str, goal: str | None = None, level: str | None = None
) -> Way:
    """Return the path to a role; without one all roles, the nearest first.

    NotPermitted where the standings are not the reader's to see, NotFound
    where no way leads.
    """
    # Who may not see the gaps does not see them as months either.
    view_person(engine.enter(tx), handle, PURPOSE, engine.evidence)
    found = seated(tx, handle)
    code = found.content.framework.code
    known = standings(tx, [found.who.id], code, PURPOSE, engine.evidence)
    current = {competency: exact(each.value) for (_, competency), each in known.items()}
    settings = settings_now(engine)
    pace, observed = velocity_of(tx, found.who.id, settings)
    roles, start = Roles(found.content), Place(found.post.role_code, found.level)
    if goal is None:
        reaches = tuple(reachable(roles, start, current, pace, settings))
        return Way(start, pace, tuple(observed), (), reaches)
    end = Place(goal, profile(found.content, goal, level).level.code)
    steps = shortest(roles, start, end, current, pace, settings)
    if steps is None:
        text = "no way leads there: roles are joined by reporting lines, levels and families"
        raise NotFound(Problem(text=text, found=str(end), code="career.no-path"))
    return Way(start, pace, tuple(observed), tuple(steps), ())
