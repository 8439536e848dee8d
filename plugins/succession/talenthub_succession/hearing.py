"""What succession does when a post falls vacant or somebody leaves."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import CaseView, Engine, HubEvent, Request, Transaction
from talenthub_succession.nomination import ASSESSED

CHUNK = 500


def rescore(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """Compute the readiness of a vacated post's nominees anew, that day."""
    posts = [
        each.id
        for each in engine.of_workflow(tx, "succession.post", open_only=True)
        if each.data.post == event.facts["post"]
    ]
    found = engine.children_of(tx, posts, "succession.nomination")
    assessed = [each for some in found.values() for each in some if each.state in ASSESSED]
    _fire(engine, tx, "rescore", [each for each in assessed if each.data.newest.on < tx.today])


def lapse(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """End the nominations of somebody who left."""
    found = engine.of_workflow(tx, "succession.nomination", subject=event.subject_id, open_only=True)
    _fire(engine, tx, "lapse", found)


def _fire(engine: Engine, tx: Transaction, step: str, cases: list[CaseView]) -> None:
    for chunk in _chunks(cases):
        for answer in engine.fire_many(tx, [Request(each.ref, step, {}) for each in chunk]):
            if isinstance(answer, Exception):
                raise answer


def _chunks(cases: list[CaseView]) -> Iterator[list[CaseView]]:
    yield from (cases[start : start + CHUNK] for start in range(0, len(cases), CHUNK))
