"""The plugin succession: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import Command, EventHandler, PersonalData, Report, Settings, WorkflowRef, hookimpl

CONTRACT = "1"

_WORKFLOWS = ("post", "nomination")
_HANDLERS = {"rescore": "hub.post.vacated", "lapse": "hub.person.left"}
_DESK = ("hr_partner", "hr_head", "auditor")
_REPORTS = {
    "bench": "Each critical post: who could follow, how strong the bench is, the risk.",
    "coverage": "Critical posts that somebody ready could fill, one by one and all at once.",
}
_WHY = "to know in time who could follow on a post that the organisation cannot leave empty"
_KEPT = {
    "succession.nomination": {
        "rationale": "opinion",
        "competencies": "opinion",
        "reference": "opinion",
        "assessments": "rating",
        "votes": "opinion",
        "members": "name",
        "reason": "opinion",
    },
    "succession.post": {"reason": "opinion"},
}


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return the critical post and the nomination."""
    return [WorkflowRef(f"talenthub_succession.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent succession`."""
    help_line = "Critical posts, nominations, readiness, the bench and its risk."
    return [Command("succession", help_line, "talenthub_succession.commands:succession")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.succession]`."""
    return Settings("talenthub_succession.settings:SuccessionSettings")


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return bench and coverage, in the view of whoever runs them."""
    rows, picture = "talenthub_succession.reports:{}", "talenthub_succession.drawing:{}"
    return [
        Report(name, says, rows.format(name), _DESK, picture.format(name)) for name, says in _REPORTS.items()
    ]


@hookimpl
def talenthub_event_handlers() -> Sequence[EventHandler]:
    """Return what follows when a post falls vacant or somebody leaves."""
    return [EventHandler(name, on, f"talenthub_succession.hearing:{name}") for name, on in _HANDLERS.items()]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where succession keeps what is said about people."""
    return [
        PersonalData(where, column, category, _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
