"""The public names: all that a plugin's workflows and commands import."""

from __future__ import annotations

from talenthub import pictures
from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.campaigns import background_option, run_campaign
from talenthub.cli.chosen_cases import Cases, cases_option
from talenthub.cli.do.background import leave_to_workers
from talenthub.cli.entries import Entry, day_on, fire_entries, one_way
from talenthub.cli.failures import verdict_lines
from talenthub.cli.file_faults import by_row
from talenthub.cli.files import Made, deliver, draws
from talenthub.cli.firing import FIRED, fire_each, fired_row, in_chunks, raise_refusals, tell_answers, why_not
from talenthub.cli.framework.files import right as right_by_grant
from talenthub.cli.framework.files import write_file
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import COMPETENCY, DAY, PERSON, REFERENCE, UNIT, DateWord, Name, OneOf, Pair
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
from talenthub.evidence.best import best_people
from talenthub.evidence.closing import Closing
from talenthub.evidence.fit import Fit, fit
from talenthub.evidence.gap import Gap, Unknown
from talenthub.evidence.standing import Standing, standings
from talenthub.evidence.viewing import GroupView, PersonView, view_organisation, view_person
from talenthub.framework import page as pages
from talenthub.framework.catalogue import learning_items, strategy_weights
from talenthub.framework.checks import check as check_framework
from talenthub.framework.content import Content
from talenthub.framework.formats.laid_out import framework_document
from talenthub.framework.library import (
    FrameworkVersion,
    RoleProfile,
    Wording,
    chosen_code,
    published,
    role_profile,
    version_of,
    versions,
)
from talenthub.framework.library import content as framework_content
from talenthub.framework.library import version as framework_version
from talenthub.framework.locking import lock as lock_framework
from talenthub.framework.lookup import profile
from talenthub.framework.model import Competency, Descriptor, Indicator, LearningItem, Question
from talenthub.framework.publishing import publish as publish_framework
from talenthub.framework.rating import ladder, ladder_of_level, read_rating, relative_view
from talenthub.framework.rewording import reword as reword_framework
from talenthub.framework.text import Text
from talenthub.framework.text import say as text_in
from talenthub.outbound.appointments import Appointment, calendar_file, call_off, invite_people
from talenthub.outbound.port import Background, Place, Shift
from talenthub.people.csvfiles import CsvRow, Problems, Sheet, day_in, read_csv
from talenthub.people.deputies import deputised_by
from talenthub.people.grants import Grant, grants_of
from talenthub.people.joining import add_persons, persons_named
from talenthub.people.members import Member, manager_days, members_of
from talenthub.people.organisation import NewPerson
from talenthub.people.persons import Person, add_person, person, persons
from talenthub.people.posts import incumbents_of, post, posts, posts_of, vacant_posts
from talenthub.people.relations import chains_of, managers_of
from talenthub.people.seats import Post
from talenthub.people.units import Unit, unit, unit_paths
from talenthub.storage.hub import HubEvent
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.storage.types import UtcDateTime, metadata
from talenthub.verdict import Detail, Verdict, allow, of_form, refuse
from talenthub.workflow.adjusting.named_guards import NamedGuard, NameOf
from talenthub.workflow.calendar import Calendar, Workdays
from talenthub.workflow.campaigns.campaigns import (
    Campaign,
    CampaignView,
    Chunk,
    live_campaign_of,
    start_campaign,
)
from talenthub.workflow.campaigns.reminding import begin_reminders
from talenthub.workflow.carried import Carried, Measure, plain
from talenthub.workflow.cases import cases_by_id, is_reference
from talenthub.workflow.context import CaseView, Context, Effect, Fact, Guard, NoData, effect, field_of, guard
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
from talenthub.workflow.engine import Engine
from talenthub.workflow.exact import Exact, Figure, exact_number, shown
from talenthub.workflow.facts import HISTORY, PARENT, PEOPLE, about_subject, children, role, siblings
from talenthub.workflow.firing import Fired, Request
from talenthub.workflow.forms import Form
from talenthub.workflow.framework_facts import FRAMEWORK, LEARNING
from talenthub.workflow.handoff_facts import open_above
from talenthub.workflow.history import StoredEvent as EventView
from talenthub.workflow.intents import (
    AddParticipant,
    AssignTask,
    CancelTimer,
    CloseTasks,
    FillPost,
    FireCase,
    Intent,
    LockFramework,
    Notify,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    RemoveParticipant,
    SetTimer,
    UpdateData,
)
from talenthub.workflow.measuring import measured, measures
from talenthub.workflow.opening import Opening
from talenthub.workflow.outbox import Work
from talenthub.workflow.outlines import Outline, Stays, stays_of
from talenthub.workflow.persons_in import PersonNumber
from talenthub.workflow.pinning import settings_of
from talenthub.workflow.relations import Relation, holds, manager_of, nobody, participant, subject, system
from talenthub.workflow.sealing import Answers, open_many_sealed, shown_groups
from talenthub.workflow.subject_facts import (
    SUBJECT_MANAGER,
    WORKDAYS,
    RoleGaps,
    claims,
    gap_closings,
    role_gaps,
    subject_standings,
)
from talenthub.workflow.tables import case_event, case_participant, workflow_case
from talenthub.workspace.once import once

__all__ = [
    "COMPETENCY",
    "DAY",
    "FIRED",
    "FRAMEWORK",
    "HISTORY",
    "LEARNING",
    "PARENT",
    "PEOPLE",
    "PERSON",
    "REFERENCE",
    "SUBJECT_MANAGER",
    "SYSTEM",
    "UNIT",
    "WORKDAYS",
    "Actor",
    "AddParticipant",
    "Agreement",
    "Answers",
    "Appointment",
    "AssignTask",
    "Background",
    "Blind",
    "Calendar",
    "Campaign",
    "CampaignView",
    "CancelTimer",
    "Carried",
    "CaseView",
    "Cases",
    "Chunk",
    "CloseTasks",
    "Closing",
    "Column",
    "Competency",
    "Conflict",
    "Content",
    "Context",
    "CsvRow",
    "DateWord",
    "Descriptor",
    "Desk",
    "Detail",
    "Duration",
    "Effect",
    "Engine",
    "Entry",
    "EventView",
    "Exact",
    "Fact",
    "Figure",
    "FileError",
    "FillPost",
    "FireCase",
    "Fired",
    "Fit",
    "Form",
    "FrameworkVersion",
    "Gap",
    "Grant",
    "Group",
    "GroupView",
    "Guard",
    "HubEvent",
    "Indicator",
    "Intent",
    "LearningItem",
    "LockFramework",
    "Made",
    "Measure",
    "Member",
    "Name",
    "NameOf",
    "NamedGuard",
    "NewPerson",
    "NoData",
    "NotFound",
    "NotPermitted",
    "Notify",
    "OneOf",
    "OpenCase",
    "Opening",
    "Outcome",
    "Outline",
    "Pair",
    "Person",
    "PersonNumber",
    "PersonView",
    "Place",
    "Post",
    "Problem",
    "Problems",
    "Question",
    "RecordEvidence",
    "RecordUsage",
    "Refused",
    "Relation",
    "RemoveParticipant",
    "Request",
    "RoleGaps",
    "RoleProfile",
    "SetTimer",
    "Sheet",
    "Shift",
    "Stage",
    "Standing",
    "State",
    "Stays",
    "TalentError",
    "Task",
    "Text",
    "Timer",
    "Transaction",
    "Transition",
    "Unit",
    "Unknown",
    "UpdateData",
    "UsageError",
    "UtcDateTime",
    "Verdict",
    "Wording",
    "Work",
    "Workdays",
    "Workflow",
    "about_subject",
    "add_person",
    "add_persons",
    "agreement",
    "allow",
    "background_option",
    "begin_reminders",
    "best_people",
    "by_row",
    "calendar_file",
    "call_off",
    "case_event",
    "case_participant",
    "cases_by_id",
    "cases_option",
    "chains_of",
    "check_framework",
    "children",
    "chosen_code",
    "claims",
    "day_in",
    "day_on",
    "days",
    "deliver",
    "deputised_by",
    "draws",
    "effect",
    "exact_number",
    "field_of",
    "fire_each",
    "fire_entries",
    "fired_row",
    "fit",
    "framework_content",
    "framework_document",
    "framework_version",
    "gap_closings",
    "grants_of",
    "guard",
    "holds",
    "in_chunks",
    "incumbents_of",
    "invite_people",
    "is_reference",
    "ladder",
    "ladder_of_level",
    "learning_items",
    "leave_to_workers",
    "live_campaign_of",
    "lock_framework",
    "manager_days",
    "manager_of",
    "managers_of",
    "measured",
    "measures",
    "members_of",
    "metadata",
    "must_discuss",
    "nearest",
    "nobody",
    "of_form",
    "once",
    "one_way",
    "open_above",
    "open_many_sealed",
    "pages",
    "participant",
    "person",
    "persons",
    "persons_named",
    "pictures",
    "plain",
    "post",
    "posts",
    "posts_of",
    "profile",
    "publish_framework",
    "published",
    "raise_refusals",
    "read_csv",
    "read_rating",
    "reads",
    "refuse",
    "relative_view",
    "reword_framework",
    "right_by_grant",
    "role",
    "role_gaps",
    "role_profile",
    "run_campaign",
    "settings_of",
    "shown",
    "shown_groups",
    "siblings",
    "standings",
    "start_campaign",
    "stays_of",
    "strategy_weights",
    "subject",
    "subject_standings",
    "system",
    "tell_answers",
    "text_in",
    "unit",
    "unit_paths",
    "unknown",
    "vacant_posts",
    "verdict_lines",
    "version_of",
    "versions",
    "view_organisation",
    "view_person",
    "why_not",
    "workflow_case",
    "working_days",
    "write_file",
    "writes",
]
