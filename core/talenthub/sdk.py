"""The public names: all that a plugin's workflows and commands import."""

from __future__ import annotations

from talenthub.errors import (
    Conflict,
    FileError,
    NotFound,
    NotPermitted,
    Problem,
    Refused,
    TalentError,
    UsageError,
    nearest,
    unknown,
)
from talenthub.evidence.agreement import Agreement, agreement, must_discuss
from talenthub.framework.content import Content
from talenthub.framework.library import RoleProfile, Wording
from talenthub.framework.library import content as framework_content
from talenthub.framework.lookup import profile
from talenthub.framework.model import Competency, Indicator, Question
from talenthub.framework.rating import ladder, ladder_of_level, relative_view
from talenthub.framework.text import Text
from talenthub.people.persons import Person
from talenthub.storage.transaction import Actor, Transaction
from talenthub.verdict import Detail, Verdict, allow, refuse
from talenthub.workflow.context import CaseView, Context, Effect, Fact, Guard, NoData, effect, guard
from talenthub.workflow.definition import (
    Blind,
    Duration,
    Outcome,
    Stage,
    State,
    Task,
    Timer,
    Transition,
    Workflow,
    days,
    working_days,
)
from talenthub.workflow.facts import HISTORY, PARENT, PEOPLE, children, role, siblings
from talenthub.workflow.history import StoredEvent as EventView
from talenthub.workflow.intents import (
    AddParticipant,
    AssignTask,
    CancelTimer,
    CloseTasks,
    FillPost,
    FireCase,
    Intent,
    Notify,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    RemoveParticipant,
    SetTimer,
    UpdateData,
)
from talenthub.workflow.relations import Relation, holds, manager_of, nobody, participant, subject, system

__all__ = [
    "HISTORY",
    "PARENT",
    "PEOPLE",
    "Actor",
    "AddParticipant",
    "Agreement",
    "AssignTask",
    "Blind",
    "CancelTimer",
    "CaseView",
    "CloseTasks",
    "Competency",
    "Conflict",
    "Content",
    "Context",
    "Detail",
    "Duration",
    "Effect",
    "EventView",
    "Fact",
    "FileError",
    "FillPost",
    "FireCase",
    "Guard",
    "Indicator",
    "Intent",
    "NoData",
    "NotFound",
    "NotPermitted",
    "Notify",
    "OpenCase",
    "Outcome",
    "Person",
    "Problem",
    "Question",
    "RecordEvidence",
    "RecordUsage",
    "Refused",
    "Relation",
    "RemoveParticipant",
    "RoleProfile",
    "SetTimer",
    "Stage",
    "State",
    "TalentError",
    "Task",
    "Text",
    "Timer",
    "Transaction",
    "Transition",
    "UpdateData",
    "UsageError",
    "Verdict",
    "Wording",
    "Workflow",
    "agreement",
    "allow",
    "children",
    "days",
    "effect",
    "framework_content",
    "guard",
    "holds",
    "ladder",
    "ladder_of_level",
    "manager_of",
    "must_discuss",
    "nearest",
    "nobody",
    "participant",
    "profile",
    "refuse",
    "relative_view",
    "role",
    "siblings",
    "subject",
    "system",
    "unknown",
    "working_days",
]
