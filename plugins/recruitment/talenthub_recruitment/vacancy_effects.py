"""Effects of vacancies: a selection opened, shared, its hires counted."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import FRAMEWORK, Context, FireCase, Intent, OpenCase, UpdateData, effect
from talenthub_recruitment.cases import Pointer, Selection
from talenthub_recruitment.facts import UNFILLED, requisitions_of
from talenthub_recruitment.plan import compile_plan


@effect(facts=[FRAMEWORK])
def open_selection(ctx: Context) -> Iterator[Intent]:
    """Open the selection, with the plan that the role's focus gives."""
    content = ctx.fact(FRAMEWORK)
    assert content is not None, "a requisition pins the framework of its role"
    plan = compile_plan(content, ctx.data.role, ctx.data.level)
    yield OpenCase(
        "recruitment.selection",
        data={
            "role": ctx.data.role,
            "level": ctx.data.level,
            "positions": ctx.data.free_positions,
            "posts": list(ctx.data.free_posts),
            "plan": plan.model_dump(mode="json"),
        },
        participants={role: ctx.case.people(role) for role in ("chair", "assessor")},
    )


@effect()
def remember_state(ctx: Context) -> Iterator[Intent]:
    """Remember from where it was put on hold."""
    yield UpdateData({"held_from": ctx.case.state})


@effect()
def keep_shared_selection(ctx: Context) -> Iterator[Intent]:
    """Keep which selection of another requisition fills this one."""
    yield UpdateData({"shares": ctx.form.model_dump()})


@effect()
def count_position(ctx: Context) -> Iterator[Intent]:
    """Count one more position as filled, and its post."""
    taken = ctx.data.taken if ctx.form.post is None else (*ctx.data.taken, ctx.form.post)
    yield UpdateData({"hired": ctx.data.hired + 1, "taken": list(taken)})


@effect()
def pass_hire_on(ctx: Context) -> Iterator[Intent]:
    """Count the hire here and on the requisition that it fills."""
    data: Selection = ctx.data
    taken = data.taken if ctx.form.post is None else (*data.taken, ctx.form.post)
    yield UpdateData({"hired": data.hired + 1, "taken": list(taken)})
    yield FireCase(ctx.form.requisition, "take_on", {"post": ctx.form.post})


@effect(facts=[UNFILLED])
def take_in_requisitions(ctx: Context) -> Iterator[Intent]:
    """Fill further requisitions too, by the same plan and merit list."""
    data: Selection = ctx.data
    added = [ctx.fact(UNFILLED)[number] for number in dict.fromkeys(ctx.form.requisitions)]
    pointers = [*data.shared, *(Pointer(case=each.id, ref=each.ref) for each in added)]
    yield UpdateData(
        {
            "shared": [each.model_dump() for each in pointers],
            "positions": data.positions + sum(each.data.free_positions for each in added),
            "posts": [*data.posts, *(post for each in added for post in each.data.free_posts)],
        }
    )
    for each in added:
        yield FireCase(each.id, "join", {"case": ctx.case.id, "ref": ctx.case.ref})


@effect()
def complete_requisitions(ctx: Context) -> Iterator[Intent]:
    """Complete the requisitions whose positions are all filled."""
    for number in requisitions_of(ctx.case):
        yield FireCase(number, "complete", if_possible=True)
