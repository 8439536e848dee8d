"""What the cases of recruitment carry: requisition to scorecard."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from talenthub.sdk import Carried, Figure
from talenthub.sdk import Measure as Rated

Words = str | dict[str, str]
"""Text of the framework: one string, or one per language."""

NOT_OBSERVED = "not observed"

Rating = int | None
"""A rating; None: the rater did not observe it."""


class Measure(Rated):
    """How one competency is rated and counted: figures, no prose."""

    essential: bool = True
    weight: Figure = "1"
    """An exact number as text: "1", "3/2"."""

    @property
    def points(self) -> int:
        """Return the number of points that raters choose from."""
        return len(self.allowed)


class Anchor(Carried):
    """The words of one level, with what shows it and what speaks against it."""

    level: str
    label: Words
    text: Words | None = None
    signs: tuple[Words, ...] = ()
    warnings: tuple[Words, ...] = ()


class Point(Carried):
    """One point of the rating scale and what it means."""

    value: int
    label: Words
    text: Words


class PlanItem(Carried):
    """One competency of the interview: questions and anchors."""

    measure: Measure
    title: Words
    definition: Words | None = None
    past: tuple[Words, ...] = ()
    situational: tuple[Words, ...] = ()
    below: Anchor | None = None
    at: Anchor
    above: Anchor | None = None
    levels: tuple[Point, ...] = ()
    """What raters choose from, where they name levels."""


class Plan(Carried):
    """What a selection rates and asks, compiled from the role's profile."""

    version: int = 1
    framework: str = ""
    """Code and version it was compiled from."""
    role_title: Words = ""
    items: tuple[PlanItem, ...] = ()
    scale: tuple[Point, ...] = ()
    reason: str = ""
    """Why it departs from the focus or from equal weights; empty if not."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return how each competency is rated, in the order of the plan."""
        return tuple(item.measure for item in self.items)

    @property
    def names_levels(self) -> bool:
        """Return whether its raters name levels instead of points."""
        return any(each.mode == "level" for each in self.measures)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the competencies, in order."""
        return tuple(item.measure.competency for item in self.items)


class Pointer(Carried):
    """Another case, by its number and its reference."""

    case: int
    ref: str


class Requisition(Carried):
    """A request to fill positions of one role in one unit."""

    role: str
    level: str | None = None
    positions: int = Field(default=1, ge=1, le=500)
    posts: tuple[str, ...] = ()
    reason: str = ""
    hired: int = 0
    taken: tuple[str, ...] = ()
    """The posts that hires have filled."""
    held_from: str | None = None
    """The state it was held in, to return there."""
    shares: Pointer | None = None
    """The selection of another requisition that fills this one too."""

    @property
    def free_positions(self) -> int:
        """Return how many positions nobody has been hired for."""
        return self.positions - self.hired

    @property
    def free_posts(self) -> tuple[str, ...]:
        """Return the posts that no hire has filled, in order."""
        return tuple(post for post in self.posts if post not in self.taken)


class Merit(Carried):
    """A candidate's place on the merit list; equal means share a rank."""

    case: int
    ref: str
    rank: int
    overall: Figure


class Plea(Carried):
    """A request to take a rejected application up again, not signed yet."""

    application: int
    """The number of the rejected one."""
    ref: str
    reason: str
    asked_by: tuple[int, ...]
    """Who asked, in both identities: they do not sign it."""
    appeal: str | None = None
    """The appeal that was upheld; None: an error was found."""


class Selection(Carried):
    """How vacancies are filled: the plan, the positions, the merit list."""

    role: str
    level: str | None = None
    positions: int = Field(default=1, ge=1)
    posts: tuple[str, ...] = ()
    hired: int = 0
    taken: tuple[str, ...] = ()
    """The posts that hires have filled."""
    plan: Plan = Plan()
    proposal: Plan | None = None
    """An amendment that waits for its second pair of eyes."""
    merit: tuple[Merit, ...] = ()
    pleas: tuple[Plea, ...] = ()
    """Reinstatements that wait for their second signature."""
    shared: tuple[Pointer, ...] = ()
    """Further requisitions of the same role that it fills."""


class Finding(Carried):
    """What the panel found on one competency."""

    competency: str
    ratings: tuple[Rating, ...]
    """In the order of the scorecards."""
    first: tuple[Rating, ...] = ()
    """The ratings before the discussion; empty without one."""
    mean: Figure
    """Exact, as text: "7/3"; on the five points, whatever the mode."""
    rating: Figure
    """The exact mean as the raters gave it: a level where they name levels."""
    range: Figure
    r_wg: Figure | None = None


class Consensus(Carried):
    """What the panel found: each competency, and all of them together."""

    findings: tuple[Finding, ...]
    overall: Figure
    """The exact weighted mean of the means, as text."""
    raters: int
    panel: int
    """How many were asked; excused ones among them."""
    note: str = ""


class Override(Carried):
    """An exception to the rule: asked for by one, signed by another."""

    reason: str
    requested_by: int
    signed_by: int | None = None


class Offer(Carried):
    """What was offered, and until when."""

    expires_on: date
    exception: str = ""
    """Why somebody further down the merit list was chosen; empty if not."""
    requisition: str = ""
    """Which one it is about, where a selection fills several."""


class Reserve(Carried):
    """That a candidate agreed to be kept for the same role, until a day."""

    agreed_on: date
    until: date


class Reserved(Carried):
    """A place on the reserve list: what was found, and until when it counts."""

    application: int
    """The number of the application that it comes from."""
    ref: str
    role: str
    level: str | None = None
    source: str = ""
    measures: tuple[Measure, ...] = ()
    plan_version: int = 0
    interviewed_on: date | None = None
    consensus: Consensus | None = None
    override: Override | None = None
    agreed_on: date
    until: date


class Application(Carried):
    """One candidate in one selection."""

    role: str
    level: str | None = None
    source: str = ""
    cv: str = ""
    """Where the CV is kept; never the CV itself."""
    measures: tuple[Measure, ...] = ()
    """The plan as it stood when the assessment of this candidate began."""
    plan_version: int = 0
    interviewed_on: date | None = None
    consensus: Consensus | None = None
    override: Override | None = None
    offer: Offer | None = None
    reasons: dict[str, str] = Field(default_factory=dict)
    """Why it was rejected: competency to reason, "" for the whole."""
    starts_on: date | None = None
    post: str | None = None
    requisition: str = ""
    """The requisition whose position it filled."""
    reserve: Reserve | None = None
    follows: str | None = None
    """The application that it carries on, which stays closed."""
    resumes: Literal["", "shortlisted", "assessed", "ranked"] = ""
    """Where it goes on; empty: at the beginning."""


class Appeal(Carried):
    """What somebody holds against a decision about an application."""

    application: int
    """The number of the application."""
    ref: str
    selection: int
    decided_on: date
    grounds: str
    finding: str = ""
    """upheld, partly or dismissed; empty before the review."""
    reason: str = ""


class Scorecard(Carried):
    """What one assessor rated of one candidate."""

    measures: tuple[Measure, ...] = ()
    ratings: dict[str, Rating] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    first: dict[str, Rating] = Field(default_factory=dict)
    """Competencies that were discussed: the rating before."""
    reopened: tuple[str, ...] = ()
    """The competencies that may be rated anew just now."""
    discussed: tuple[str, ...] = ()
    """The competencies that were discussed and locked again."""
    interviewed_on: date | None = None
    entered_by: tuple[int, ...] = ()
    """Who typed it in for the assessor: barred from rating themselves."""
