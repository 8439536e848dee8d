"""Whose rights are tried, and on which cases: people, grants, and what cases carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from talenthub.sdk import Transaction, person

DAY = date(2026, 3, 2)

PEOPLE = {
    "subject": "kofi.mensah",
    "manager": "dario.conti",
    "manager's manager": "tomas.lind",
    "chair": "adaeze.farouk",
    "chair's manager": "joana.vogel",
    "buddy": "adaeze.hashemi",
    "buddy's manager": "samir.chaudhry",
    "panel": "rights.panel",
    "rater": "rights.rater",
    "facilitator": "rights.facilitator",
    "coach": "rights.coach",
    "confidant": "rights.confidant",
    "owner": "rights.owner",
    "nominator": "rights.nominator",
    "board": "rights.board",
    "voter": "rights.voter",
    "recruiter": "rights.recruiter",
    "HR officer": "rights.officer",
    "HR partner, inside": "rights.inside",
    "HR partner, outside": "rights.outside",
    "head of HR": "rights.head",
    "sponsor": "rights.sponsor",
    "framework editor": "rights.editor",
    "framework owner": "rights.framework",
    "auditor": "rights.auditor",
    "stranger": "rights.stranger",
}
"""Who stands for a column: each has this relation to the cases, and no other."""

GRANTS = {
    "rights.recruiter": ("recruiter", None),
    "rights.officer": ("hr_officer", None),
    "rights.inside": ("hr_partner", "harbour"),
    "rights.outside": ("hr_partner", "quay"),
    "rights.head": ("hr_head", None),
    "rights.sponsor": ("sponsor", None),
    "rights.editor": ("framework_editor", None),
    "rights.framework": ("framework_owner", None),
    "rights.auditor": ("auditor", None),
}

_TASK = {"template": "t", "title": "Read the handbook", "part": "clarification", "day": 1, "due": DAY}
SOMEBODY = "@jonas.weber"
"""In what a case carries: the number of a person who stands for no column."""

_CHECK = {"day": 90, "held_on": DAY, "ratings": {}, "by": SOMEBODY}
_ENDING = {"reason": "r", "talk_on": DAY, "appeal": "a", "came_from": "deciding", "proposed_by": SOMEBODY}
_COURSE = {"name": "n", "title": "t", "meaning": "m", "targets": 1, "every": 21, "sponsor": "manager"}
_PERIOD = {"first": DAY, "last": date(2026, 12, 31)}


@dataclass(frozen=True, slots=True)
class Opened:
    """How one case is opened: its workflow, its data, who takes part."""

    workflow: str
    data: Mapping[str, Any]
    parent: str | None = None
    roles: Mapping[str, str] | None = None
    """Participant role to column."""
    about_subject: bool = True


CASES = {
    "requisition": Opened(
        "recruitment.requisition",
        {"role": "case-officer"},
        None,
        {"chair": "chair", "assessor": "panel"},
        False,
    ),
    "selection": Opened(
        "recruitment.selection",
        {"role": "case-officer"},
        "requisition",
        {"chair": "chair", "assessor": "panel"},
        False,
    ),
    "application": Opened(
        "recruitment.application",
        {"role": "case-officer"},
        "selection",
        {"chair": "chair", "assessor": "panel"},
    ),
    "scorecard": Opened("recruitment.scorecard", {}, "application", {"chair": "chair", "assessor": "panel"}),
    "place on the reserve list": Opened(
        "recruitment.reserve",
        {
            "application": "application",
            "ref": "APP-0",
            "role": "case-officer",
            "agreed_on": DAY,
            "until": DAY,
        },
    ),
    "appeal against a rejection": Opened(
        "recruitment.appeal",
        {
            "application": "application",
            "ref": "APP-0",
            "selection": 0,
            "decided_on": DAY,
            "grounds": "a reason",
        },
    ),
    "plan": Opened(
        "onboarding.plan", {"role": "case-officer", "first_day": DAY, "checks": [_CHECK], "ending": _ENDING}
    ),
    "task of the newcomer": Opened(
        "onboarding.task", _TASK | {"owner": "newcomer"}, "plan", {"buddy": "buddy"}
    ),
    "task of the manager": Opened(
        "onboarding.task", _TASK | {"owner": "manager"}, "plan", {"buddy": "buddy"}
    ),
    "task of the buddy": Opened("onboarding.task", _TASK | {"owner": "buddy"}, "plan", {"buddy": "buddy"}),
    "task of HR": Opened("onboarding.task", _TASK | {"owner": "hr"}, "plan", {"buddy": "buddy"}),
    "cycle": Opened("performance.cycle", {"title": "2026", **_PERIOD}, None, None, False),
    "review": Opened(
        "performance.review", {"role": "case-officer", **_PERIOD}, "cycle", {"manager": "manager"}
    ),
    "own statement": Opened(
        "performance.statement", {"kind": "self"}, "review", {"rater": "subject", "manager": "manager"}
    ),
    "statement of the manager": Opened(
        "performance.statement", {"kind": "manager"}, "review", {"rater": "manager", "manager": "manager"}
    ),
    "conversation": Opened("performance.conversation", {"on": DAY}, "review", {"manager": "manager"}),
    "round": Opened("performance.round", {"raters": {}}, "review", {"manager": "manager"}),
    "answer": Opened("performance.answer", {"group": "peers"}, "round", {"rater": "rater"}),
    "pulse": Opened("performance.pulse", {"people": ()}, "cycle"),
    "answer to a pulse": Opened("performance.pulse_answer", {}, "pulse", {"employee": "rater"}),
    "feedback": Opened("performance.feedback", {"competency": "COM"}, None, {"giver": "rater"}),
    "calibration": Opened(
        "performance.calibration", {"title": "Harbour"}, "cycle", {"facilitator": "facilitator"}, False
    ),
    "appeal against a review": Opened(
        "performance.appeal", {"reason": "a reason"}, "review", {"manager": "manager"}
    ),
    "placement": Opened(
        "career.placement", {"occasion": "2026", "role": "case-officer"}, None, {"rater": "rater"}
    ),
    "assessment": Opened("career.assessment", {}, "placement", {"rater": "rater"}),
    "development plan": Opened(
        "career.plan",
        {"role": "case-officer", "course": _COURSE, "started_on": DAY, "next_entry": DAY, "ends_on": DAY},
        None,
        {"coach": "coach"},
    ),
    "rating": Opened(
        "career.rating", {"source": "coach", "measures": ()}, "development plan", {"rater": "rater"}
    ),
    "question to colleagues": Opened(
        "career.asking", {"kind": "pulse", "people": (), "measures": ()}, "development plan"
    ),
    "answer of a colleague": Opened(
        "career.answer", {"kind": "pulse", "measures": ()}, "question to colleagues", {"colleague": "rater"}
    ),
    "aspiration": Opened("career.aspiration", {"reach": 3}, None, {"confidant": "confidant"}),
    "interest or move": Opened("career.move", {"role": "field-inspector"}),
    "critical post": Opened(
        "succession.post",
        {"post": "harbour-branch-manager", "seat": 0, "role": "branch-manager"},
        None,
        {"owner": "owner"},
        False,
    ),
    "nomination": Opened(
        "succession.nomination",
        {"purpose": "successor", "role": "branch-manager"},
        "critical post",
        {"nominator": "nominator", "owner": "owner", "board": "board"},
    ),
    "consultation": Opened(
        "consultation.review", {"framework": "hpsa-core", "number": "1.1.0", "items": ()}, None, None, False
    ),
    "ballot": Opened(
        "consultation.ballot",
        {"group": "one"},
        "consultation",
        {"voter": "voter", "facilitator": "facilitator"},
        False,
    ),
}

FORMS = {step: {"reason": "because"} for step in ("block", "waive")}
"""Where a guard asks whose it is, the form must be right to be asked at all."""


def numbered(tx: Transaction, value: Any) -> Any:
    """Return data with the number of somebody where it names them."""
    if value == SOMEBODY:
        return person(tx, SOMEBODY.removeprefix("@")).id
    if isinstance(value, Mapping):
        return {key: numbered(tx, inner) for key, inner in value.items()}
    return [numbered(tx, inner) for inner in value] if isinstance(value, list) else value
