"""The sheets of a framework: which there are, and what each column holds.

One layout for the CSV files and for the workbook. Columns are named like the
keys of our YAML; a text may stand once per language, as `name [fr]`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what its cells hold, and a note for people."""

    name: str
    kind: str
    """text, word, code, codes, whole, number or flag."""
    note: str
    width: int = 16
    required: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    """The sheet whose first column holds what may stand here."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet."""

    name: str
    note: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(each.name for each in self.columns)

    @property
    def translated(self) -> tuple[str, ...]:
        """Return the columns that may stand once per language."""
        return tuple(each.name for each in self.columns if each.kind == "text")


YES = ("yes", "no")
HEAD_KEYS = (
    "id",
    "name",
    "version",
    "edition",
    "language",
    "licence",
    "attribution",
    "source",
    "checks",
    "rating_mode",
    "role_scale",
    "organisation_name",
    "organisation_short",
    "organisation_headcount",
    "organisation_purpose",
)


def _code(note: str, sheet: str = "", name: str = "id", *, required: bool = True) -> Column:
    return Column(name, "code", note, 18, required, refers_to=sheet)


def _text(name: str, note: str, width: int = 40, *, required: bool = False) -> Column:
    return Column(name, "text", note, width, required)


_COMPETENCY = _code("A competency's id.", "competencies", "competency")
_ROLE = _code("A role's id.", "roles", "role")
_STEP = Column("role_level", "code", "The id of a level of the role, where it has several.", 18)
_LEVEL = Column("level", "whole", "The number of a level of the competency's scale.", 8, required=True)

LAYOUTS = (
    Layout(
        "framework",
        "Name, origin and terms: one line each.",
        (
            Column("key", "word", "What the line tells.", 24, required=True, choices=HEAD_KEYS),
            _text("value", "What it is.", 70),
        ),
        required=True,
    ),
    Layout(
        "rating",
        "The five points of a relative rating; none where raters name a level.",
        (
            Column("value", "whole", "1 to 5; 3 meets the words of the role.", 8, required=True),
            _text("label", "Its name.", 20, required=True),
            _text("anchor", "What it means.", 70, required=True),
        ),
    ),
    Layout(
        "values",
        "What the organisation stands for.",
        (
            _code("Letters, digits, '.', '-' and '_'; never changed later."),
            _text("name", "Its name.", 28, required=True),
            _text("statement", "What it means here.", 70),
        ),
    ),
    Layout(
        "scales",
        "Only where competencies have different scales.",
        (_code("The id of the scale."), _text("name", "Its name.", 28)),
    ),
    Layout(
        "levels",
        "The levels of each scale, lowest first.",
        (
            Column("scale", "code", "The scale's id; empty: the only one.", 16, refers_to="scales"),
            Column("id", "whole", "0, 1, 2 …: rising.", 6, required=True),
            Column("key", "word", "A short name: L1.", 10),
            _text("name", "Its name.", 28, required=True),
            _text("summary", "What the level means in general.", 70),
        ),
    ),
    Layout(
        "competencies",
        "What is rated, and groups of it.",
        (
            _code("Letters, digits, '.', '-' and '_'; never changed later."),
            _text("name", "Its name.", 28, required=True),
            _text("definition", "What it is.", 60),
            Column("scale", "code", "Where there are several scales: which.", 14, refers_to="scales"),
            Column("values", "codes", "Ids of values, with commas between.", 20),
            Column("parent", "code", "The group it belongs to.", 16, refers_to="competencies"),
            Column("group", "flag", "yes: it only groups others.", 8, choices=YES),
        ),
        required=True,
    ),
    Layout(
        "descriptors",
        "The words of each level of each competency; with a role: the role's own words.",
        (
            _COMPETENCY,
            Column("level", "whole", "The level; with a role it may stay empty.", 8),
            _code("Only for a role's own words.", "roles", "role", required=False),
            _STEP,
            _text("descriptor", "What somebody on this level does.", 80),
        ),
    ),
    Layout(
        "indicators",
        "Behaviours that show a level, or speak against it.",
        (
            _COMPETENCY,
            Column("level", "whole", "The level; with a role it may stay empty.", 8),
            _code("Only for a role's own words.", "roles", "role", required=False),
            _STEP,
            Column("kind", "word", "shows (the default) or watch_for.", 12, choices=("shows", "watch_for")),
            _text("text", "One behaviour.", 80, required=True),
        ),
    ),
    Layout(
        "roles",
        "Kinds of jobs.",
        (
            _code("Letters, digits, '.', '-' and '_'; never changed later."),
            _text("title", "Its name.", 28, required=True),
            _text("family", "What it belongs to.", 20),
            _text("track", "Specialist, management …", 16),
            Column("level", "whole", "Its place in the organisation.", 8),
            Column("headcount", "whole", "How many people hold it.", 11),
            Column("reports_to", "code", "A role's id.", 18, refers_to="roles"),
            _text("purpose", "What it is for.", 60),
        ),
    ),
    Layout(
        "role_levels",
        "Only for roles with several levels, lowest first.",
        (
            _ROLE,
            _code("The id of the level."),
            _text("title", "Its name.", 28, required=True),
            Column("level", "whole", "Its place in the organisation.", 8),
            _text("purpose", "What it is for.", 60),
        ),
    ),
    Layout(
        "requirements",
        "Which level of which competency a role asks for.",
        (
            _ROLE,
            _STEP,
            _COMPETENCY,
            _LEVEL,
            Column("desirable", "flag", "yes: good to have, not needed.", 10, choices=YES),
            Column("critical", "whole", "1, 2 …: its place among the critical ones.", 9),
            Column("focus", "whole", "1, 2 …: its place among those in focus.", 8),
            Column("weight", "number", "How much it counts.", 8),
            _text("rationale", "Why.", 50),
        ),
    ),
    Layout(
        "questions",
        "Interview questions.",
        (
            _COMPETENCY,
            Column(
                "kind", "word", "past or situational.", 12, required=True, choices=("past", "situational")
            ),
            _text("text", "The question.", 80, required=True),
        ),
    ),
    Layout(
        "pointers",
        "Where things point to beside this framework: ids elsewhere, related things, addresses.",
        (
            Column("of", "code", "A competency's or role's id; empty: the framework.", 18),
            Column("kind", "word", "What the pointer means.", 18, required=True),
            Column("target", "word", "A code, an id or an address.", 60, required=True),
            _text("title", "What is there.", 40),
        ),
    ),
    Layout(
        "learning",
        "What a competency can be learnt from.",
        (
            _code("The id of the item."),
            _COMPETENCY,
            Column("kind", "word", "How it is learnt.", 12, choices=("assignment", "people", "formal")),
            Column("lowest", "whole", "For people on this level …", 8),
            Column("highest", "whole", "… to this one.", 8),
            Column("hours", "number", "How long it takes.", 8),
            Column("heat", "whole", "1 to 5: how demanding it is.", 6),
            Column("in_flow", "flag", "yes: done inside the current job.", 8, choices=YES),
            _text("title", "Its name.", 60, required=True),
        ),
    ),
    Layout(
        "weights",
        "How much a competency matters for this year's strategy.",
        (_COMPETENCY, Column("weight", "number", "0 to 1.", 8, required=True)),
    ),
)

BY_NAME = {each.name: each for each in LAYOUTS}
READ_ME = "read me"
"""A sheet that explains the others; it is never read."""
