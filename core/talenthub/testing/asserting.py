"""Asserting what is possible on a case, and why something is not."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.testing.worlds import World
from talenthub.verdict import Verdict


def assert_possible(world: World, ref: str, transition: str, *, who: str) -> None:
    """Fail unless `who` can fire the transition now; the form is not judged."""
    answers = _answers(world, ref, transition, who)
    assert answers, f"{ref} has no transition {transition!r} from the state it is in"
    refusing = [verdict for verdicts in answers for verdict in verdicts if not verdict.ok]
    possible = any(all(verdict.ok for verdict in verdicts) for verdicts in answers)
    assert possible, f"{ref}: {transition} is refused for {who}: {_words(refusing)}"


def assert_refused_because(world: World, ref: str, transition: str, reason: str, *, who: str) -> None:
    """Fail unless it is refused by a verdict that says `reason`."""
    answers = _answers(world, ref, transition, who)
    assert answers, f"{ref} has no transition {transition!r} from the state it is in"
    assert not any(all(verdict.ok for verdict in verdicts) for verdicts in answers), (
        f"{ref}: {transition} is possible for {who}"
    )
    refusing = [verdict for verdicts in answers for verdict in verdicts if not verdict.ok]
    said = _words(refusing)
    assert reason in said, f"{ref}: {transition} is refused for {who}, but because: {said}"


def _answers(world: World, ref: str, transition: str, who: str) -> list[Sequence[Verdict]]:
    with world.open() as workspace:
        actor = workspace.actor(as_handle=who)
        found = workspace.run(actor, lambda tx: workspace.engine.why(tx, ref, transition), read_only=True)
    return [each.verdicts for each in found]


def _words(verdicts: Sequence[Verdict]) -> str:
    return "; ".join(
        " ".join((verdict.text, *(detail.text for detail in verdict.details))) for verdict in verdicts
    )
