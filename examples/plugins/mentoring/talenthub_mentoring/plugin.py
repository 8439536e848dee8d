"""What mentoring brings, by name; nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.hooks import Command, EventHandler, PersonalData, Settings, WorkflowRef, hookimpl

CONTRACT = "1"

PAIR = "mentoring.relationship"
_WHY = "to agree on what two people work on together"


@hookimpl
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return the programme and the relationship of a pair."""
    return [
        WorkflowRef("talenthub_mentoring.workflows:programme"),
        WorkflowRef("talenthub_mentoring.workflows:relationship"),
    ]


@hookimpl
def talenthub_commands() -> Sequence[Command]:
    """Return the group `talent mentoring`."""
    return [Command("mentoring", "Mentors and mentees.", "talenthub_mentoring.commands:mentoring")]


@hookimpl
def talenthub_settings() -> Settings:
    """Return the model of `[plugin.mentoring]`."""
    return Settings("talenthub_mentoring.settings:MentoringSettings")


@hookimpl
def talenthub_event_handlers() -> Sequence[EventHandler]:
    """Return what ends the pairs of somebody who leaves."""
    return [EventHandler("leaver", "hub.person.left", "talenthub_mentoring.handlers:person_left")]


@hookimpl
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return where words about people are kept."""
    fields = ("goals", "confidentiality", "note", "learned", "reason")
    return [
        *(PersonalData(PAIR, field, "opinion", _WHY) for field in fields),
        PersonalData("mentoring.programme", "person", "name", "to know who takes part"),
        PersonalData("mentoring.programme", "pairs", "name", "to know who takes part"),
        PersonalData("mentoring.programme", "reason", "opinion", "to remember why it was called off"),
    ]
