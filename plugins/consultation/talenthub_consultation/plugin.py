"""The plugin consultation: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import Command, PersonalData, Report, Settings, WorkflowRef, hookimpl

CONTRACT = "1"

_WORKFLOWS = ("review", "ballot")
_DESK = ("hr_officer", "hr_head", "framework_owner", "framework_editor", "sponsor", "auditor")
_REPORTS = {
    "buyin": "The share of each organisational level that accepts a framework; the weakest counts.",
    "relevance": "Which indicators matter for the work: content validity ratio and placement.",
}
_WHY = "to write a framework with the people it will be used on"
_KEPT = {
    "consultation.review": {"reason": "opinion"},
    "consultation.ballot": {"votes": "opinion", "sortings": "opinion", "reason": "opinion"},
}


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return the consultation of a version and the ballot of a voter."""
    return [WorkflowRef(f"talenthub_consultation.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent consultation`."""
    help_line = "Groups that review a framework, their votes, and what follows from them."
    return [Command("consultation", help_line, "talenthub_consultation.commands:consultation")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.consultation]`."""
    return Settings("talenthub_consultation.settings:ConsultationSettings")


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return buy-in and relevance, in the view of whoever runs them."""
    rows, picture = "talenthub_consultation.reports:{}", "talenthub_consultation.drawing:{}"
    return [
        Report(name, says, rows.format(name), _DESK, picture.format(name)) for name, says in _REPORTS.items()
    ]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where consultation keeps what people say."""
    return [
        PersonalData(where, column, category, _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
