"""The plugin career: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import Command, EventHandler, PersonalData, Report, Settings, WorkflowRef, hookimpl

CONTRACT = "1"

_WORKFLOWS = ("placement", "assessment", "plan", "rating", "asking", "answer", "aspiration", "move")
_WHY = "to help people develop on purpose, and to find the next step with them"
_KEPT = {
    "career.placement": {
        "results": "rating",
        "competencies": "rating",
        "ratings": "rating",
        "notes": "opinion",
        "agility": "rating",
        "discussion": "opinion",
        "changes": "opinion",
        "aspiration": "opinion",
        "performance": "rating",
        "potential": "rating",
        "proposed": "rating",
        "course": "rating",
        "reason": "opinion",
    },
    "career.assessment": {
        "agility": "rating",
        "results": "rating",
        "ratings": "rating",
        "notes": "opinion",
        "reason": "opinion",
    },
    "career.plan": {
        "rows": "rating",
        "targets": "rating",
        "earlier": "rating",
        "actions": "opinion",
        "entries": "opinion",
        "pulses": "rating",
        "reflections": "opinion",
        "extensions": "opinion",
        "ending": "opinion",
        "challenge": "opinion",
        "near": "opinion",
        "feedback": "opinion",
        "course": "rating",
        "challenge_why": "opinion",
        "near_why": "opinion",
        "reasons": "opinion",
        "impacts": "opinion",
        "action": "opinion",
        "reflection": "opinion",
        "impact": "opinion",
        "intention": "opinion",
        "plan_change": "opinion",
        "reason": "opinion",
    },
    "career.rating": {"ratings": "rating", "notes": "opinion", "reason": "opinion"},
    "career.asking": {"people": "name", "reason": "opinion"},
    "career.answer": {"ratings": "rating", "change": "rating"},
    "career.aspiration": {"reach": "opinion", "role": "opinion", "words": "opinion"},
    "career.move": {"why": "opinion", "viewed": "rating", "reason": "opinion"},
}
_NAMED = {"career.plan": ("coach", "people", "peers"), "career.aspiration": ("people",)}
"""Fields that say who took part: kept as numbers, for which erasing takes the name."""


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return placement, plan and what hangs on them, aspiration and move."""
    return [WorkflowRef(f"talenthub_career.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent career`."""
    help_line = "Placements, development plans, paths, aspirations and moves."
    return [Command("career", help_line, "talenthub_career.commands:career")]


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return how placements spread, and what plans aim at."""
    grants = ("hr_head", "hr_partner", "auditor")
    return [
        Report(name, line, f"talenthub_career.reports:{name}", grants, f"talenthub_career.drawing:{name}")
        for name, line in (
            ("placements", "How many were placed where."),
            ("targets", "What development plans aim at."),
        )
    ]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.career]`."""
    return Settings("talenthub_career.settings:CareerSettings")


@hookimpl
def talenthub_event_handlers() -> Sequence[EventHandler]:
    """Return what a move and a new framework version mean for plans."""
    return [
        EventHandler("moved", "hub.person.moved", "talenthub_career.handlers:person_moved"),
        EventHandler("published", "hub.framework.published", "talenthub_career.handlers:framework_published"),
    ]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where career keeps ratings and words about people."""
    kept = [
        PersonalData(where, column, category, _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
    named = [
        PersonalData(where, column, "name", _WHY, erase="anonymise")
        for where, columns in _NAMED.items()
        for column in columns
    ]
    return [*kept, *named]
