"""What cases of career carry: placements, questions, hopes, moves."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from talenthub.sdk import Carried, Figure, PersonNumber
from talenthub.sdk import Measure as Rated

Share = Figure
"""An exact number from 0 to 1, as text."""


class Measure(Rated):
    """How one competency of the role is rated, with its words."""

    title: str
    text: str = ""
    """The descriptor, in the framework's language."""


class Course(Carried):
    """The strategy as the person is shown it: never as two bands."""

    name: str
    title: str
    meaning: str
    targets: int
    every: int
    sponsor: str


class Placement(Carried):
    """Performance and potential of one person, and the strategy they mean."""

    occasion: str
    """The talk it belongs to: `Talent review 2027`."""
    role: str | None = None
    level: str | None = None
    next_role: str | None = None
    next_level: str | None = None
    measures: tuple[Measure, ...] = ()
    results: tuple[tuple[Figure, Figure], ...] = ()
    """Of the objectives: (rating, weight), exact."""
    competencies: Figure | None = None
    """The mean of ratings that another case brought, exact."""
    source: str | None = None
    """The case that brought them."""
    ratings: dict[str, int] = Field(default_factory=dict)
    """Of the manager, where no other case brought any."""
    notes: dict[str, str] = Field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    """Ratings that say an earlier one again: counted, not recorded twice."""
    rated_on: date | None = None
    rated_by: int | None = None
    agility: tuple[dict[str, int], ...] = ()
    """What each rater said, nobody's name beside it."""
    discussion: str = ""
    changes: tuple[str, ...] = ()
    """What calibration changed, in words."""
    aspiration: int | None = None
    fit: Figure | None = None
    performance: Figure | None = None
    potential: Figure | None = None
    proposed: str | None = None
    """The strategy that the figures mean."""
    course: Course | None = None
    """The strategy that was agreed on."""
    reason: str = ""
    """Why it is another one than the figures mean."""


class Assessment(Carried):
    """What one rater says for a placement."""

    is_manager: bool = False
    agility: dict[str, int] = Field(default_factory=dict)
    results: tuple[tuple[Figure, Figure], ...] = ()
    ratings: dict[str, int] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    rated_on: date | None = None


class Rating(Carried):
    """What one rater says at a reassessment."""

    source: Literal["manager", "coach"]
    measures: tuple[Measure, ...]
    ratings: dict[str, int] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    rated_on: date | None = None


class Asking(Carried):
    """A question to colleagues; they are read together only."""

    kind: Literal["pulse", "peers"]
    people: tuple[PersonNumber, ...]
    measures: tuple[Measure, ...]
    minimum: int = 3


class Answering(Carried):
    """One colleague's part in a question; the answer lies elsewhere."""

    kind: Literal["pulse", "peers"]
    measures: tuple[Measure, ...]


class Aspiration(Carried):
    """How far somebody wants to go, and where to; theirs alone until shared."""

    reach: int | None = None
    """1: stay and do it well … 5: as far as it goes."""
    role: str = ""
    words: str = ""
    until: date | None = None
    """How long it is shared."""


class Move(Carried):
    """Interest in another role or post inside the organisation."""

    role: str
    level: str | None = None
    post: str | None = None
    why: str = ""
    viewed: tuple[str, ...] = ()
    """What was lacking when the person looked: `COM 0.537`."""
    vacancy: str = ""
    """The selection that was applied for."""
    kind: Literal["move"] = "move"
    starts_on: date | None = None
    agreed_by: tuple[int, ...] = ()
