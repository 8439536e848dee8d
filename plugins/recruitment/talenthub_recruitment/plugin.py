"""The plugin recruitment: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from talenthub.hooks import (
    Command,
    EvidenceSource,
    PersonalData,
    Report,
    Settings,
    Tables,
    WorkflowRef,
    hookimpl,
)

CONTRACT = "1"

_WORKFLOWS = ("requisition", "selection", "application", "scorecard", "reserve", "appeal")
_WHY = "to decide about an application, and to explain the decision"
_WHY_GROUPS = "to compare how groups fare in selections, in sums only; never to decide about anybody"
_DECLARED = "recruitment_demographics"
_KEPT = {
    "recruitment.requisition": {"reason": "opinion", "note": "opinion"},
    "recruitment.selection": {
        "persons": "name",
        "source": "contact",
        "sources": "contact",
        "cvs": "contact",
        "add": "name",
        "remove": "name",
        "pleas": "opinion",
        "reason": "opinion",
        "note": "opinion",
    },
    "recruitment.application": {
        "source": "contact",
        "cv": "contact",
        "consensus": "rating",
        "reasons": "opinion",
        "reason": "opinion",
        "note": "opinion",
        "override": "opinion",
        "exception": "opinion",
    },
    "recruitment.scorecard": {
        "ratings": "rating",
        "first": "rating",
        "notes": "opinion",
        "reason": "opinion",
    },
    "recruitment.reserve": {
        "source": "contact",
        "consensus": "rating",
        "override": "opinion",
        "note": "opinion",
    },
    "recruitment.appeal": {"grounds": "opinion", "reason": "opinion", "note": "opinion"},
    _DECLARED: {"person_id": "name", "value": "demographic"},
}
_NAMED = {"recruitment.selection": ("chair", "upheld_by"), "recruitment.application": ("person",)}
"""Fields that say who took part: kept as numbers, for which erasing takes the name."""
_READERS = ("recruiter", "hr_partner", "hr_officer", "hr_head", "sponsor", "auditor")


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return requisition, selection, application and what hangs on it."""
    return [WorkflowRef(f"talenthub_recruitment.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent recruitment`."""
    help_line = "Vacancies, interviews against descriptors, decisions, hires."
    return [Command("recruitment", help_line, "talenthub_recruitment.commands:recruitment")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.recruitment]`."""
    return Settings("talenthub_recruitment.settings:RecruitmentSettings")


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return funnel, time to fill, open work and quality of the kit."""
    told = {
        "funnel": "Applications by state and selection, and the days they stayed.",
        "time-to-fill": "How long each requisition took until its last hire.",
        "open-work": "What is open in each state, and how long the oldest waits.",
        "kit-quality": "How well panels could rate each competency, and agreed on it.",
    }
    rows, picture = "talenthub_recruitment.reports:{}", "talenthub_recruitment.drawing:{}"
    named = {name: name.replace("-", "_") for name in told}
    return [
        Report(name, line, rows.format(named[name]), _READERS, picture.format(named[name]))
        for name, line in told.items()
    ]


@hookimpl
def talenthub_tables() -> Tables:
    """Return the plugin's own table: declarations, for monitoring only."""
    return Tables("recruitment_", Path(__file__).parent / "migrations")


@hookimpl
def talenthub_evidence_sources() -> Sequence[EvidenceSource]:
    """Return the interview: what a panel found about somebody hired."""
    return [
        EvidenceSource(
            "interview", 0.5, "selection", "The consensus of a panel, observed on the interview day."
        )
    ]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where recruitment keeps ratings and words about people."""
    kept = [
        PersonalData(where, column, category, _WHY_GROUPS if where == _DECLARED else _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
    named = [
        PersonalData(where, column, "name", _WHY, erase="anonymise")
        for where, columns in _NAMED.items()
        for column in columns
    ]
    return [*kept, *named]
