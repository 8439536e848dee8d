"""Vacancies: which requisition of a selection an offer or a hire is about."""

from __future__ import annotations

from talenthub.sdk import CaseView
from talenthub_recruitment.cases import Application
from talenthub_recruitment.forms import Hire


def unfilled(vacancies: tuple[CaseView, ...]) -> tuple[CaseView, ...]:
    """Return the open requisitions that have a free position, in order."""
    return tuple(each for each in vacancies if each.state == "open" and each.data.free_positions > 0)


def vacancy_for(vacancies: tuple[CaseView, ...], application: Application, form: Hire) -> CaseView | None:
    """Return the requisition that a hire fills; None where it is not clear.

    It is the one that was offered, or is named, or has the post, or is left.
    """
    offered = application.offer.requisition if application.offer is not None else ""
    named = {offered, form.requisition} - {""}
    found = [each for each in unfilled(vacancies) if named <= {each.ref}]
    if form.post is not None:
        found = [each for each in found if form.post in each.data.free_posts]
    return found[0] if len(found) == 1 else None
