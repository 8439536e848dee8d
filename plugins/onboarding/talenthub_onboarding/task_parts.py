"""Guards and effects of a task: whose it is, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from talenthub.sdk import (
    WORKDAYS,
    AddParticipant,
    AssignTask,
    CloseTasks,
    Context,
    FireCase,
    Intent,
    Relation,
    RemoveParticipant,
    UpdateData,
    Verdict,
    allow,
    effect,
    guard,
    refuse,
)
from talenthub_onboarding.cases import PlanTask
from talenthub_onboarding.facts import LETS_GO, OWNS
from talenthub_onboarding.relations import OWNER_WORDS, OWNERS

TO_DO = "do"
"""The name of the task that stands in the owner's inbox."""


@guard(facts=[OWNS])
def owner_does_it(ctx: Context) -> Verdict:
    """The owner of the task does it."""
    owner = owner_of(ctx)
    sentence = f"It belongs to {OWNER_WORDS[owner]}"
    return allow(sentence) if owner in ctx.fact(OWNS) else replace(refuse(sentence), kind="rights")


@guard(facts=[LETS_GO])
def owners_manager_lets_go(ctx: Context) -> Verdict:
    """The manager of the owner lets it go, not the owner."""
    owner = owner_of(ctx)
    who = "an HR partner" if owner == "hr" else f"the manager of {OWNER_WORDS[owner]}"
    sentence = f"Only {who} or the head of HR may waive it"
    return allow(sentence) if owner in ctx.fact(LETS_GO) else replace(refuse(sentence), kind="rights")


@guard()
def done_says_what(ctx: Context) -> Verdict:
    """What should leave a trace is done with a note."""
    data: PlanTask = ctx.data
    sentence = "A note says what was done, where the task needs one"
    if not data.needs_note or ctx.form is None or ctx.form.note:
        return allow(sentence)
    return refuse(sentence, mend=f'talent onboarding task done {ctx.case.ref} --note "…"')


def owner_of(ctx: Context) -> str:
    """Return whose the task is; the manager's until a buddy is named."""
    data: PlanTask = ctx.data
    return "manager" if data.owner == "buddy" and not ctx.case.people("buddy") else data.owner


def _to_do(ctx: Context, data: PlanTask, to: Relation) -> AssignTask:
    return AssignTask(TO_DO, data.title, to, ctx.fact(WORKDAYS).end_of(data.due))


@effect(facts=[WORKDAYS])
def ask_owner(ctx: Context) -> Iterator[Intent]:
    """Put the task into the inbox of its owner."""
    yield _to_do(ctx, ctx.data, OWNERS[owner_of(ctx)])


@effect(facts=[WORKDAYS])
def give_to_buddy(ctx: Context) -> Iterator[Intent]:
    """Give the task to the buddy, or to another one."""
    for person in ctx.case.people("buddy"):
        yield RemoveParticipant("buddy", person)
    yield AddParticipant("buddy", ctx.form.person)
    yield CloseTasks(TO_DO)
    if ctx.case.state != "blocked":
        yield _to_do(ctx, ctx.data, OWNERS["buddy"])


@effect(facts=[WORKDAYS])
def redate(ctx: Context) -> Iterator[Intent]:
    """Move the task to another day."""
    data: PlanTask = ctx.data
    moved = data.model_copy(update={"due": ctx.form.due})
    yield UpdateData({"due": moved.due.isoformat()})
    yield CloseTasks(TO_DO)
    if ctx.case.state != "blocked":
        yield _to_do(ctx, moved, OWNERS[owner_of(ctx)])


@effect()
def keep_note(ctx: Context) -> Iterator[Intent]:
    """Keep what was done."""
    yield UpdateData({"note": ctx.form.note})


@effect()
def keep_reason(ctx: Context) -> Iterator[Intent]:
    """Keep why it was let go."""
    yield UpdateData({"note": ctx.form.reason})


@effect()
def keep_obstacle(ctx: Context) -> Iterator[Intent]:
    """Keep what stands in the way."""
    yield UpdateData({"blocked_by": ctx.form.reason})


@effect()
def drop_obstacle(_ctx: Context) -> Iterator[Intent]:
    """Forget what stood in the way; its event stays."""
    yield UpdateData({"blocked_by": ""})


@effect()
def wake_plan(ctx: Context) -> Iterator[Intent]:
    """Start the plan, if this was what it waited for."""
    data: PlanTask = ctx.data
    assert ctx.case.parent is not None, "a task belongs to a plan"
    if data.required:
        yield FireCase(ctx.case.parent, "start", if_possible=True)
