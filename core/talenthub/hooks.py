"""The hooks a plugin may implement, and the light values they return.

A plugin is a module named in the entry-point group `talenthub.plugins`:

    from talenthub.hooks import Command, WorkflowRef, hookimpl

    @hookimpl
    def talenthub_workflows():
        return [WorkflowRef("talenthub_mentoring.workflows:mentoring")]

    @hookimpl
    def talenthub_commands():
        return [Command("mentoring", "Mentors and mentees.", "talenthub_mentoring.commands:mentoring")]

It is imported at each start, so it imports nothing but this module; what is
heavy is named as "module:attribute" and loaded when it is used. A hook that
returns values is called once; one that observes is called after each commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pluggy

PROJECT = "talenthub"
GROUP = "talenthub.plugins"
"""The entry-point group that plugins are found in."""

CONTRACT = "1"
"""The version of what plugins are promised; each names, as `CONTRACT`, the oldest it can do with."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def _need(value: object, condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(f"{type(value).__name__}: {what}")


def _need_target(value: object, target: str) -> None:
    _need(value, isinstance(target, str), "a target is a text, module:attribute")
    module, colon, attribute = target.partition(":")
    parts = [*module.split("."), *attribute.split(".")]
    _need(
        value,
        bool(colon) and all(part.isidentifier() for part in parts),
        f"{target!r} is not module:attribute",
    )


def _need_word(value: object, word: str) -> None:
    _need(value, isinstance(word, str), f"{word!r} is no word")
    kept = word.replace("-", "").replace("_", "").replace(".", "")
    _need(value, kept.isascii() and kept.isalnum() and word == word.lower(), f"{word!r} is not a small word")


def _need_line(value: object, text: str) -> None:
    _need(value, isinstance(text, str) and bool(text.strip()) and "\n" not in text, "help is one line")


@dataclass(frozen=True, slots=True)
class WorkflowRef:
    """Where a Workflow is declared."""

    target: str
    """`module:attribute` of a talenthub.sdk.Workflow."""

    def __post_init__(self) -> None:
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class GuardRef:
    """Where a guard is declared that organisations may add to workflows."""

    target: str
    """`module:attribute` of a talenthub.sdk.NamedGuard, `plugin.word` its name."""

    def __post_init__(self) -> None:
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or a group of them, below `talent`."""

    name: str
    help: str
    """One line; shown by `talent -h` without importing the plugin."""
    target: str
    """`module:attribute` of a click command."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need_line(self, self.help)
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class Settings:
    """What may stand in `[plugin.NAME]` of talenthub.toml."""

    target: str
    """`module:attribute` of a pydantic model, frozen, extra="forbid"."""

    def __post_init__(self) -> None:
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that `talent report run NAME` makes."""

    name: str
    help: str
    target: str
    """`module:function(engine, tx) -> rows`, a sequence of mappings."""
    grants: tuple[str, ...] = ()
    """Who may run it: holders of one of these grants."""
    picture: str | None = None
    """`module:function(rows) -> talenthub.sdk.pictures.Picture`; None: no picture."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        for target in (self.target, *([self.picture] if self.picture is not None else [])):
            _need_target(self, target)


@dataclass(frozen=True, slots=True)
class FrameworkFormat:
    """A file format that frameworks are read from or written to."""

    name: str
    help: str
    suffixes: tuple[str, ...]
    """Of file names, with the dot: `.yaml`."""
    read: str | None = None
    """`module:function`; None: it cannot be read."""
    write: str | None = None
    """`module:function`; None: it cannot be written."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need(self, bool(self.read or self.write), "a format reads or writes")
        for target in (self.read, self.write):
            if target is not None:
                _need_target(self, target)


@dataclass(frozen=True, slots=True)
class Tables:
    """A plugin's own tables: their prefix and the folder of migrations."""

    prefix: str
    """`mentoring_`: every table of the plugin begins with it."""
    migrations: Path
    """Holds the revisions 0001_name.py, 0002_name.py …"""

    def __post_init__(self) -> None:
        _need_word(self, self.prefix)
        _need(self, self.prefix.endswith("_") and len(self.prefix) > 2, "a prefix ends with _")


@dataclass(frozen=True, slots=True)
class EventHandler:
    """A function that runs after an event was committed, until it succeeds."""

    name: str
    on: str
    """`plugin.workflow.transition`, `*` for every event of every case, or
    `hub.post.vacated`, `hub.person.left` …: facts that belong to no case."""
    target: str
    """`module:function(tx, case, event)`; of a hub event it is given
    (engine, tx, event). Its writes commit with the delivery."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need(self, self.on == "*" or self.on.count(".") == 2, f"{self.on!r} is no event")
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One thing that the plugin does for many people, chunk by chunk."""

    name: str
    help: str
    """One line; shown where the campaign is looked after."""
    target: str
    """`module:function(engine, tx, chunk)`; returns nothing, or an answer for
    each item of the chunk: a TalentError where it is refused."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need_line(self, self.help)
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class Executor:
    """An engine that can have the background work run, in `[jobs] executor`."""

    name: str
    help: str
    """One line: where it works and what it needs."""
    target: str
    """`module:function(place) -> talenthub.sdk.Background`."""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need_line(self, self.help)
        _need_target(self, self.target)


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """A kind of evidence and what it weighs."""

    name: str
    """`interview`, `onboarding` …"""
    weight: float
    """The default weight; 0: kept and shown, but never counted."""
    purpose: str
    """What its rows were given for: selection, appraisal, development …"""
    help: str = ""

    def __post_init__(self) -> None:
        _need_word(self, self.name)
        _need(self, 0 <= self.weight <= 1, "a weight is from 0 to 1")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A place where a plugin keeps data about people, and why."""

    where: str
    """A table, or the name of a workflow whose data or forms hold it."""
    column: str
    """The column, or the field of the data or form."""
    category: str
    """name, contact, rating, opinion, health …"""
    purpose: str
    erase: str = "delete"
    """delete, keep (a duty to keep it) or anonymise."""

    def __post_init__(self) -> None:
        _need(self, self.erase in ("delete", "keep", "anonymise"), "erase is delete, keep or anonymise")


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What observers are told of an event; nothing personal is in it."""

    case: int
    ref: str
    workflow: str
    transition: str
    source: str | None
    """The state before; None when the case was opened."""
    target: str
    outcome: str | None
    """success, failure or neutral once it is closed."""
    at: datetime


@hookspec
def talenthub_workflows() -> Sequence[WorkflowRef]:
    """Return where the plugin's workflows are declared."""
    return ()


@hookspec
def talenthub_guards() -> Sequence[GuardRef]:
    """Return the guards that organisations may add to any workflow."""
    return ()


@hookspec
def talenthub_commands() -> Sequence[Command]:
    """Return the plugin's commands; a name belongs to one plugin only."""
    return ()


@hookspec
def talenthub_settings() -> Settings | None:
    """Return what may stand in `[plugin.NAME]`; None: nothing may."""
    return None


@hookspec
def talenthub_reports() -> Sequence[Report]:
    """Return the plugin's reports."""
    return ()


@hookspec
def talenthub_framework_formats() -> Sequence[FrameworkFormat]:
    """Return file formats that frameworks are read from or written to."""
    return ()


@hookspec
def talenthub_tables() -> Tables | None:
    """Return the prefix and the migrations of the plugin's own tables."""
    return None


@hookspec
def talenthub_event_handlers() -> Sequence[EventHandler]:
    """Return the functions that run after events, each at least once."""
    return ()


@hookspec
def talenthub_campaigns() -> Sequence[Campaign]:
    """Return what the plugin does for many people, chunk by chunk."""
    return ()


@hookspec
def talenthub_executors() -> Sequence[Executor]:
    """Return engines that can have the background work run."""
    return ()


@hookspec
def talenthub_evidence_sources() -> Sequence[EvidenceSource]:
    """Return the kinds of evidence that the plugin records."""
    return ()


@hookspec
def talenthub_personal_data() -> Sequence[PersonalData]:
    """Return every place where the plugin keeps data about people."""
    return ()


@hookspec
def talenthub_case_opened(event: CaseEvent) -> None:
    """Observe a case that was opened; called after the commit."""


@hookspec
def talenthub_case_fired(event: CaseEvent) -> None:
    """Observe a transition that was fired; called after the commit."""


@hookspec
def talenthub_case_closed(event: CaseEvent) -> None:
    """Observe a case that was closed; called after the commit."""
