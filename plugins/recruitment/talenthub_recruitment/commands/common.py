"""What the commands of recruitment share: parameters, rows and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from talenthub.sdk import (
    FIRED,
    Desk,
    Name,
    NotFound,
    Pair,
    Request,
    TalentError,
    Transaction,
    fired_row,
    is_reference,
    once,
)
from talenthub_recruitment.opening import codes_of


class Reference(Name):
    """The reference of a case; `app-1` means APP-1."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the reference as cases carry it."""
        word = super().convert(value, param, ctx)
        return word.upper() if is_reference(word) else word


PAIR = Pair()
REFERENCE = Reference("reference")


def fire_one(desk: Desk, request: Request, *, following: str = "") -> None:
    """Fire one request and print what it did, and what comes next."""
    engine = desk.workspace.engine
    fired = desk.run(
        lambda tx: engine.fire(
            tx,
            request.ref,
            request.transition,
            request.form,
            expected_version=request.expected_version,
            request_id=desk.request_id,
        )
    )
    desk.emit([fired_row(fired)], FIRED[:-1])
    if following:
        desk.say(f"Next: {following}")


def answered_once(
    desk: Desk, tx: Transaction, verb: str, wanted: Mapping[str, Any], act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Return what `act` answers; to a repeated request id its first answer.

    For what opens cases or adds people; firing a case sees to it by itself.
    """
    named = desk.request_id or verb
    answer = once(tx, desk.request_id, verb, {named: wanted}, lambda _: act())[named]
    if isinstance(answer, TalentError):
        raise answer
    return answer


def codes_named(desk: Desk, refs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the competencies that each application is rated on, by reference.

    What is wrong with a reference is said when something is done with it.
    """
    engine = desk.workspace.engine
    try:
        found = desk.workspace.run(desk.actor, lambda tx: engine.cases(tx, list(refs)), read_only=True)
    except NotFound:
        found = {}
    rated = {ref: case for ref, case in found.items() if case.workflow == "recruitment.application"}
    return {ref: codes_of(rated[ref]) if ref in rated else () for ref in refs}
