"""The plugin performance: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import (
    Campaign,
    Command,
    EvidenceSource,
    PersonalData,
    Report,
    Settings,
    WorkflowRef,
    hookimpl,
)

CONTRACT = "1"

_WORKFLOWS = (
    "cycle",
    "review",
    "statement",
    "conversation",
    "round_",
    "answer",
    "pulse",
    "pulse_answer",
    "feedback",
    "calibration",
    "appeal",
)
_WHY = "to tell people how their work is seen, and to decide about their development"
_KEPT = {
    "performance.cycle": {"left_out": "opinion", "persons": "name", "reason": "opinion"},
    "performance.review": {
        "objectives": "opinion",
        "ratings": "rating",
        "notes": "opinion",
        "results": "rating",
        "texts": "opinion",
        "groups": "rating",
        "changes": "rating",
        "explanation": "opinion",
        "statement": "opinion",
        "reason": "opinion",
        "note": "opinion",
    },
    "performance.statement": {
        "ratings": "rating",
        "notes": "opinion",
        "text": "opinion",
        "results": "rating",
        "reason": "opinion",
    },
    "performance.conversation": {
        "topics": "opinion",
        "agenda": "opinion",
        "actions": "opinion",
        "rating": "rating",
        "missed": "opinion",
        "note": "opinion",
        "reason": "opinion",
    },
    "performance.round": {"raters": "name", "reason": "opinion"},
    "performance.answer": {"ratings": "rating", "note": "opinion"},
    "performance.pulse": {"people": "name", "reason": "opinion"},
    "performance.pulse_answer": {"useful": "opinion", "heard": "opinion", "clear": "opinion"},
    "performance.feedback": {"text": "opinion", "question": "opinion", "note": "opinion"},
    "performance.calibration": {"changes": "rating", "reason": "opinion", "evidence": "opinion"},
    "performance.appeal": {
        "reason": "opinion",
        "wanted": "opinion",
        "finding": "opinion",
        "changes": "rating",
    },
}
_SIGNED = {
    "performance.review": (
        *("manager_days", "agreed_by", "rated_by", "signed_by", "released_by"),
        *("raters", "person"),
    ),
    "performance.conversation": ("prepared_by", "agreed_by"),
    "performance.calibration": ("add", "remove"),
}
"""Fields that say who did something: kept as numbers, for which erasing takes the name."""
_READERS = ("hr_partner", "hr_officer", "hr_head", "sponsor", "auditor")


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return cycle and review, and what hangs on a review."""
    return [WorkflowRef(f"talenthub_performance.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent performance`."""
    help_line = "Conversations, reviews on descriptors, calibration, release."
    return [Command("performance", help_line, "talenthub_performance.commands:performance")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.performance]`."""
    return Settings("talenthub_performance.settings:PerformanceSettings")


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return ratings before and after calibration, and leniency."""
    told = {
        "ratings": "Ratings of each cycle, before and after calibration.",
        "leniency": "How each manager rated beside the others, and who stands apart.",
    }
    rows, picture = "talenthub_performance.reports:{}", "talenthub_performance.drawing:{}"
    named = {name: name.replace("-", "_") for name in told}
    return [
        Report(name, line, rows.format(named[name]), _READERS, picture.format(named[name]))
        for name, line in told.items()
    ]


@hookimpl
def talenthub_campaigns() -> Sequence[Campaign]:
    """Return the opening of the reviews of a cycle."""
    return [
        Campaign("reviews", "Opens the reviews of a cycle.", "talenthub_performance.opening:open_reviews")
    ]


@hookimpl
def talenthub_evidence_sources() -> Sequence[EvidenceSource]:
    """Return none: manager, peers, reports and others are the core's own."""
    return []


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where performance names people, and keeps what is about them."""
    kept = [
        PersonalData(where, column, category, _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
    signed = [
        PersonalData(where, column, "name", _WHY, erase="anonymise")
        for where, columns in _SIGNED.items()
        for column in columns
    ]
    return [*kept, *signed]
