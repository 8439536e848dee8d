"""Choosing: from what Seeing It shows to the critical few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import FRAMEWORK, Content, Context, Gap, RoleGaps, measured, text_in
from talenthub_career import forms, seeing
from talenthub_career.cases import Measure
from talenthub_career.exact import exact, kept
from talenthub_career.facts import GAPS, NEAR_GAPS
from talenthub_career.plan_cases import Plan, Row, Target


@dataclass(frozen=True, slots=True)
class Aim:
    """The gap that a target closes, and the role that asks for it."""

    gap: Gap
    gaps: RoleGaps
    is_near: bool


def lacks_of(present: RoleGaps | None, near: RoleGaps | None) -> dict[str, seeing.Lack]:
    """Return how far somebody is below both roles; what is unknown is absent."""
    here, there = _sizes(present), _sizes(near)
    return {code: seeing.Lack(here.get(code), there.get(code)) for code in here | there}


def _sizes(gaps: RoleGaps | None) -> dict[str, Fraction]:
    return {} if gaps is None else {each.competency: exact(each.size) for each in gaps.gaps}


def weights_of(rows: Iterable[Row]) -> dict[str, seeing.Weights]:
    """Return the three weights of each competency."""
    return {
        each.competency: seeing.Weights(
            Fraction(each.strategy), Fraction(each.challenge), Fraction(each.near)
        )
        for each in rows
    }


def row_of(looked: seeing.Looked, reason: str) -> Row:
    """Return what was seen as a case keeps it."""
    return Row(
        competency=looked.competency,
        strategy=str(looked.weights.strategy),
        challenge=str(looked.weights.challenge),
        near=str(looked.weights.near),
        context=str(looked.context),
        gap=kept(looked.lack.present),
        near_gap=kept(looked.lack.near),
        need=kept(looked.need),
        priority=kept(looked.priority),
        reason=reason,
    )


def aim_of(competency: str, present: RoleGaps | None, near: RoleGaps | None) -> Aim | None:
    """Return the gap to close: of the present role, unless it has none.

    None where nothing is known.
    """
    here, there = _gap(present, competency), _gap(near, competency)
    if here is not None and present is not None and (here.size > 0 or there is None):
        return Aim(here, present, False)
    return None if there is None or near is None else Aim(there, near, True)


def _gap(gaps: RoleGaps | None, competency: str) -> Gap | None:
    found = () if gaps is None else gaps.gaps
    return next((each for each in found if each.competency == competency), None)


def target_of(given: forms.TargetGiven, aim: Aim, content: Content) -> Target:
    """Return a target with the behaviours of the descriptor half a level up."""
    language, code = content.framework.language, given.competency
    level = half_a_level_up(aim.gap.current, content.highest(code))
    role = aim.gaps.profile.role.code
    return Target(
        competency=code,
        title=text_in(content.competency(code).title, language),
        role=role,
        is_near=aim.is_near,
        required=aim.gap.required,
        standing=str(exact(aim.gap.current)),
        measured_on=aim.gap.standing.newest_on,
        gap=str(exact(aim.gap.size)),
        aim=level,
        indicators=tuple(_indicators(content, code, level, role, restrain=bool(given.restrain))),
        why=given.why,
        sign=given.sign,
        restrain=given.restrain,
        reason=given.reason,
    )


def half_a_level_up(current: float, highest: int) -> int:
    """Return the level that half a level more comes to, rounded half up."""
    return min(highest, int(current + 1))


def _indicators(content: Content, code: str, level: int, role: str, *, restrain: bool) -> Iterator[str]:
    """Yield what the descriptor shows; what it warns of where one does less."""
    for place in (role, None):
        found = content.descriptor(code, level, place)
        wanted = [each for each in (found.indicators if found else ()) if each.positive is not restrain]
        if wanted:
            yield from (text_in(each.text, content.framework.language) for each in wanted)
            return


def rated_measures(ctx: Context) -> tuple[Measure, ...]:
    """Return how the targets are rated: by the role that asks for each."""
    data: Plan = ctx.data
    content, roles = ctx.fact(FRAMEWORK), {False: ctx.fact(GAPS), True: ctx.fact(NEAR_GAPS)}
    assert content is not None, "a plan pins a framework"
    return tuple(
        measure
        for is_near, gaps in roles.items()
        if gaps is not None
        for measure in measured(
            Measure,
            content,
            gaps.profile,
            [each.competency for each in data.targets if each.is_near is is_near],
        )
    )


def taken_back(data: Plan) -> tuple[Target, ...]:
    """Return all targets a plan ever had, those of now at the end."""
    return (*data.earlier, *data.targets)
