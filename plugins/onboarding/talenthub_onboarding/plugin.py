"""The plugin onboarding: what it brings, by name."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import Command, EvidenceSource, PersonalData, Report, Settings, WorkflowRef, hookimpl

CONTRACT = "1"

_WORKFLOWS = ("plan", "task")
_WHY = "to help somebody begin well, and to decide about the confirmation"
_KEPT = {
    "onboarding.plan": {
        "selection": "rating",
        "needs": "rating",
        "checks": "rating",
        "ratings": "rating",
        "talks": "opinion",
        "reflections": "opinion",
        "extension": "opinion",
        "ending": "opinion",
        "buddy": "name",
        "reason": "opinion",
        "note": "opinion",
        "notes": "opinion",
        "plan": "opinion",
        "appeal": "opinion",
    },
    "onboarding.task": {"note": "opinion", "reason": "opinion", "blocked_by": "opinion", "person": "name"},
}
_READERS = ("recruiter", "hr_partner", "hr_officer", "hr_head", "sponsor", "auditor")


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return the plan and its tasks."""
    return [WorkflowRef(f"talenthub_onboarding.workflows:{name}") for name in _WORKFLOWS]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent onboarding`."""
    help_line = "Plans for newcomers and movers, talks, the check at day 90."
    return [Command("onboarding", help_line, "talenthub_onboarding.commands:onboarding")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.onboarding]`."""
    return Settings("talenthub_onboarding.settings:OnboardingSettings")


@hookimpl
def talenthub_reports() -> Sequence[Report]:
    """Return quality of hire, and the plans by state."""
    told = {
        "quality-of-hire": "Correlation of interview and day 90; withheld under ten people.",
        "onboarding": "Plans in each state, and how long the oldest has been there.",
    }
    rows, picture = "talenthub_onboarding.reports:{}", "talenthub_onboarding.drawing:{}"
    named = {name: name.replace("-", "_") for name in told}
    return [
        Report(name, line, rows.format(named[name]), _READERS, picture.format(named[name]))
        for name, line in told.items()
    ]


@hookimpl
def talenthub_evidence_sources() -> Sequence[EvidenceSource]:
    """Return the check: what the manager saw in the first ninety days."""
    return [
        EvidenceSource("onboarding", 0.8, "development", "The manager's check at the end of the first days.")
    ]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where onboarding keeps ratings and words about people."""
    return [
        PersonalData(where, column, category, _WHY)
        for where, columns in _KEPT.items()
        for column, category in columns.items()
    ]
