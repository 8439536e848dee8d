"""Effects of second chances: reserve list, reinstatement, appeal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from talenthub.sdk import (
    WORKDAYS,
    AssignTask,
    CaseView,
    CloseTasks,
    Context,
    Effect,
    FireCase,
    Intent,
    OpenCase,
    SetTimer,
    UpdateData,
    effect,
)
from talenthub_recruitment.again import chosen_plea, chosen_reserve
from talenthub_recruitment.cases import Appeal, Application, Plea, Selection
from talenthub_recruitment.effects import day_over
from talenthub_recruitment.facts import APPLICATIONS, REJECTED_FROM, RESERVE
from talenthub_recruitment.forms import Reserve
from talenthub_recruitment.relations import hr_partner

CARRIED = ("role", "level", "source", "measures", "plan_version", "interviewed_on", "consensus", "override")
"""What an application takes over from the one it carries on."""

RESUMED = ("shortlisted", "assessed", "ranked")
"""Where it can go on; what stood elsewhere begins anew."""


@effect()
def put_on_reserve(ctx: Context) -> Iterator[Intent]:
    """Keep the candidate's word in a case that outlives the selection."""
    form: Reserve = ctx.form
    until = form.until or ctx.today + timedelta(days=ctx.settings.reserve_days)
    agreed = {"agreed_on": ctx.today.isoformat(), "until": until.isoformat()}
    yield UpdateData({"reserve": agreed})
    yield OpenCase(
        "recruitment.reserve",
        subject=ctx.case.subject,
        data={"application": ctx.case.id, "ref": ctx.case.ref, **_taken(ctx.case, CARRIED), **agreed},
        apart=True,
    )


@effect(facts=[WORKDAYS])
def wait_until(ctx: Context) -> Iterator[Intent]:
    """End the waiting by itself on its last day."""
    yield SetTimer("reserve_expiry", day_over(ctx, ctx.data.until), "expire")


def ends(transition: str) -> Effect:
    """Return the effect that ends the application too, if it is still open."""

    @effect()
    def end_application(ctx: Context) -> Iterator[Intent]:
        yield FireCase(ctx.data.application, transition, if_possible=True)

    return end_application


@effect(facts=[RESERVE])
def take_from_reserve(ctx: Context) -> Iterator[Intent]:
    """Open the application that carries the one on the reserve list on."""
    found = chosen_reserve(ctx)
    assert found is not None, "the guard saw to it"
    yield _successor(ctx, found, "ranked", found.data.ref)
    yield FireCase(found.id, "take")


@effect()
def go_on(ctx: Context) -> Iterator[Intent]:
    """Go on where the application before it stood."""
    data: Application = ctx.data
    if data.resumes:
        yield FireCase(ctx.case.id, "carry_on")


def _taken(before: CaseView, names: Sequence[str]) -> dict[str, Any]:
    taken: dict[str, Any] = before.data.model_dump(mode="json", include=set(names))
    return taken


def _successor(ctx: Context, before: CaseView, at: str, follows: str) -> OpenCase:
    kept = _taken(before, CARRIED if at in ("assessed", "ranked") else CARRIED[:3])
    return OpenCase(
        "recruitment.application",
        subject=before.subject,
        data={**kept, "follows": follows, "resumes": at},
        participants={"chair": ctx.case.people("chair")},
    )


@effect(facts=[APPLICATIONS])
def keep_plea(ctx: Context) -> Iterator[Intent]:
    """Keep the request until somebody else has signed it."""
    data: Selection = ctx.data
    before = next(each for each in ctx.fact(APPLICATIONS) if each.id == ctx.form.application)
    asked = ctx.form.upheld_by if ctx.actor.is_system else tuple(sorted(ctx.actor.identities))
    plea = Plea(
        application=before.id, ref=before.ref, reason=ctx.form.reason, asked_by=asked, appeal=ctx.form.appeal
    )
    yield UpdateData({"pleas": [each.model_dump(mode="json") for each in (*data.pleas, plea)]})
    yield AssignTask(_task(before.id), f"Sign or refuse that {before.ref} is taken up again", hr_partner)


@effect(facts=[APPLICATIONS, REJECTED_FROM])
def reinstate(ctx: Context) -> Iterator[Intent]:
    """Open the application that carries the rejected one on."""
    number = ctx.form.application
    before = next(each for each in ctx.fact(APPLICATIONS) if each.id == number)
    stood = ctx.fact(REJECTED_FROM)[number]
    yield _successor(ctx, before, stood if stood in RESUMED else "", before.ref)


@effect()
def drop_plea(ctx: Context) -> Iterator[Intent]:
    """Take the request off the list: it was signed or refused."""
    data: Selection = ctx.data
    plea = chosen_plea(ctx)
    yield UpdateData({"pleas": [each.model_dump(mode="json") for each in data.pleas if each is not plea]})
    yield CloseTasks(_task(ctx.form.application))


def _task(application: int) -> str:
    return f"reinstatement-{application}"


def found(finding: str) -> Effect:
    """Return the effect that keeps what the review of an appeal found."""

    @effect()
    def keep_finding(ctx: Context) -> Iterator[Intent]:
        yield UpdateData({"finding": finding, "reason": ctx.form.reason})

    return keep_finding


@effect()
def ask_for_reinstatement(ctx: Context) -> Iterator[Intent]:
    """Ask for the application to be taken up again; a second person signs.

    A selection that is over stays so: the appeal is then made good otherwise.
    """
    data: Appeal = ctx.data
    form = {
        "application": data.application,
        "reason": ctx.form.reason,
        "appeal": ctx.case.ref,
        "upheld_by": sorted(ctx.actor.identities),
    }
    yield FireCase(data.selection, "request_reinstatement", form, if_possible=True)
