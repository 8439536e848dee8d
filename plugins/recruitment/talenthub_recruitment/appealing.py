"""Lodging an appeal: against which decision, and by whom."""

from __future__ import annotations

from talenthub.sdk import CaseView, Engine, Problem, Refused, Transaction
from talenthub_recruitment.opening import expect


def lodge(engine: Engine, tx: Transaction, ref: str, grounds: str) -> CaseView:
    """Open an appeal against how an application ended; return it."""
    case = expect(engine.case(tx, ref), "recruitment.application")
    if case.closed_at is None or case.outcome != "failure" or case.parent is None:
        raise Refused(
            Problem(
                text="an appeal is against a rejection, or an offer taken back",
                place=case.ref,
                found=case.state.replace("_", " "),
                allowed="rejected, offer withdrawn",
                code="recruitment.nothing-to-appeal",
            )
        )
    lodged = engine.of_workflow(tx, "recruitment.appeal", subject=case.subject, open_only=True)
    running = [each for each in lodged if each.data is not None and each.data.application == case.id]
    if running:
        raise Refused(
            Problem(
                text="an appeal against this is under way",
                place=case.ref,
                found=running[0].ref,
                mend=f"talent show {running[0].ref}",
                code="recruitment.appeal-under-way",
            )
        )
    return engine.open(
        tx,
        "recruitment.appeal",
        subject=case.subject,
        data={
            "application": case.id,
            "ref": case.ref,
            "selection": case.parent,
            "decided_on": case.closed_at.astimezone(tx.zone).date().isoformat(),
            "grounds": grounds,
        },
        framework_version=case.framework_version,
        unit=case.unit,
        about=case.about,
    )
