"""What the commands of performance share: parameters, figures, firing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from talenthub.sdk import (
    CaseView,
    Desk,
    Engine,
    Fired,
    Name,
    Pair,
    Request,
    Transaction,
    cases_option,
    in_chunks,
    leave_to_workers,
    tell_answers,
)

REVIEW = Name("review or person")
PAIR = Pair("key")
reviews_option = cases_option("REVIEW…", workflow="performance.review", kind=REVIEW)
Find = Callable[[Engine, Transaction], Sequence[Request]]


def codes(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return competencies, in capitals, and what is said about each."""
    return {key.upper(): said for key, said in given}


def figure(value: Any) -> str:
    """Return a figure as people read it."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def fire_found(
    desk: Desk,
    find: Find,
    *,
    label: str = "Steps",
    following: str = "",
    nothing: str = "",
    background: bool = False,
) -> None:
    """Fire what `find` returns, in chunks; what is refused stops no other.

    `following` is said at the end, with the first case that was opened in
    place of {opened}, and `nothing` where nothing was found. In the background
    workers fire the step that all share.
    """
    engine = desk.workspace.engine
    requests = desk.workspace.run(desk.actor, lambda tx: list(find(engine, tx)), read_only=True)
    if nothing and not requests:
        desk.say(nothing)
    if background and requests:
        leave_to_workers(desk, requests, requests[0].transition)
        return
    answers = in_chunks(
        desk,
        requests,
        lambda tx, chunk: engine.fire_many(tx, chunk, request_id=desk.request_id),
        label=label,
    )
    tell_answers(desk, list(zip(requests, answers, strict=True)))
    opened = [ref for each in answers if isinstance(each, Fired) for ref in each.opened]
    if following and opened:
        desk.say(f"Next: {following.format(opened=opened[0])}")


def one(desk: Desk, find: Callable[[Engine, Transaction], CaseView], step: str, form: dict[str, Any]) -> None:
    """Fire one step of the case that `find` returns."""
    fire_found(desk, lambda engine, tx: [Request(find(engine, tx).ref, step, form)])
