"""Rights of this room: who may, and how a refusal is told."""

from __future__ import annotations

from talenthub.access.rules import Decision
from talenthub.errors import NotPermitted, Problem, Refused
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict


def right_verdict(tx: Transaction, right: Decision | None) -> Verdict:
    """Return the right as a verdict; None: only the system has it."""
    if right is None:
        right = Decision(tx.actor.is_system, "the system" if tx.actor.is_system else "the right is missing")
    return Verdict(right.ok, right.reason, name="right", kind="rights")


def require(verdicts: tuple[Verdict, ...], sentence: str, code: str) -> None:
    """Raise Refused with all that fails; NotPermitted if only rights do."""
    failed = [each for each in verdicts if not each.ok]
    if not failed:
        return
    problem = Problem(
        text=f"{sentence}: " + "; ".join(each.text for each in failed),
        mend=next((each.mend for each in failed if each.mend), None),
        code=code,
    )
    only_rights = all(each.kind == "rights" for each in failed)
    raise (NotPermitted if only_rights else Refused)(problem, verdicts)
