"""Asking for positions: one requisition, or the hundreds of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from talenthub.sdk import (
    CaseView,
    Content,
    CsvRow,
    Engine,
    Fired,
    NotFound,
    Opening,
    Person,
    Problem,
    Problems,
    Request,
    Sheet,
    TalentError,
    Transaction,
    Unit,
    by_row,
    chosen_code,
    framework_content,
    persons_named,
    profile,
    published,
    read_csv,
    text_in,
    unit,
    vacant_posts,
)
from talenthub_recruitment.plan import title_of

T = TypeVar("T")

SHEET = Sheet(
    columns=("role", "unit", "reason", "chair", "panel", "positions", "posts", "level", "framework"),
    required=("role", "unit", "reason", "chair"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """What somebody asks for: seats of a role in a unit, and a panel."""

    role: str
    unit: str
    reason: str
    chair: str
    panel: tuple[str, ...] = ()
    positions: int = 1
    posts: tuple[str, ...] = ()
    level: str | None = None
    framework: str | None = None
    row: CsvRow | None = None
    """Where a file says so; None for one that was typed."""


def read_vacancies(file: Path) -> list[Vacancy]:
    """Return the vacancies of a CSV file; all its faults at once."""
    problems = Problems()
    found = [_vacancy(row, problems) for row in read_csv(file, SHEET, problems)]
    problems.raise_any()
    return found


def _vacancy(row: CsvRow, problems: Problems) -> Vacancy:
    count = row.text("positions") or "1"
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 500):
        text = "this is no number of positions"
        problems.add(row.problem("positions", text, "positions", allowed="1 to 500"))
        count = "1"
    return Vacancy(
        role=row.text("role") or "",
        unit=row.text("unit") or "",
        reason=row.text("reason") or "",
        chair=row.text("chair") or "",
        panel=_words(row.text("panel")),
        positions=int(count),
        posts=_words(row.text("posts")),
        level=row.text("level"),
        framework=row.text("framework"),
        row=row,
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").replace(",", " ").replace(";", " ").split())


def open_requisitions(
    engine: Engine, tx: Transaction, wanted: Sequence[Vacancy], *, request_id: str | None = None
) -> list[CaseView]:
    """Open and submit requisitions: all of them or, with every fault, none.

    Posts that are not named are the vacant ones of the role in the unit, each
    for one requisition only.
    """
    books = _Books(tx, _people(tx, wanted))
    rows = [each.row for each in wanted]
    opened = engine.open_many(tx, by_row(rows, [partial(books.opening, each) for each in wanted]))
    requests = [Request(each.ref, "submit") for each in opened]
    answers = engine.fire_many(tx, requests, request_id=request_id)
    by_row(rows, [partial(_done, each) for each in answers])
    return list(engine.cases(tx, [each.ref for each in opened]).values())


def _done(answer: Fired | TalentError) -> Fired:
    if isinstance(answer, TalentError):
        raise answer
    return answer


def _people(tx: Transaction, wanted: Sequence[Vacancy]) -> Mapping[str, Person | NotFound]:
    return persons_named(tx, {handle for each in wanted for handle in (each.chair, *each.panel)})


@dataclass(frozen=True, slots=True)
class _Books:
    """What requisitions are made of; each thing is looked up once."""

    tx: Transaction
    people: Mapping[str, Person | NotFound]
    kept: dict[tuple[str | None, ...], Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    """The posts that an earlier line of the file has got."""

    def opening(self, wanted: Vacancy) -> Opening:
        """Return the requisition to open; NotFound of what is not there."""
        code = wanted.framework or self._once(("framework",), lambda: chosen_code(self.tx, None))
        version = self._once(("version", code), lambda: published(self.tx, code).id)
        role, where, chair, *panel = _all(
            lambda: self._once(
                ("role", code, wanted.role, wanted.level), lambda: self._role(version, wanted)
            ),
            lambda: self._once(("unit", wanted.unit), lambda: unit(self.tx, wanted.unit)),
            *(partial(self._person, handle) for handle in (wanted.chair, *wanted.panel)),
        )
        return Opening(
            "recruitment.requisition",
            data={
                "role": wanted.role,
                "level": wanted.level,
                "positions": wanted.positions,
                "posts": list(wanted.posts or self._vacant(wanted, code, where)),
                "reason": wanted.reason,
            },
            participants={"chair": (chair,), "assessor": tuple(panel)},
            framework_version=version,
            unit=where.id,
            about=f"{role}, {where.name}",
        )

    def _once(self, key: tuple[str | None, ...], load: Callable[[], T]) -> T:
        if key not in self.kept:
            self.kept[key] = load()
        found: T = self.kept[key]
        return found

    def _role(self, version: int, wanted: Vacancy) -> str:
        """Return the title of the role, in the language of its framework."""
        content = framework_content(self.tx, version)
        if not content.roles:
            raise _no_roles(content, wanted.role)
        return text_in(title_of(profile(content, wanted.role, wanted.level)), content.framework.language)

    def _person(self, handle: str) -> int:
        found = self.people[handle]
        if isinstance(found, NotFound):
            raise found
        return found.id

    def _vacant(self, wanted: Vacancy, code: str, where: Unit) -> list[str]:
        all_of = self._once(
            ("posts", wanted.role, wanted.unit), lambda: vacant_posts(self.tx, wanted.role, where.id)
        )
        fitting = [
            each.code
            for each in all_of
            if each.framework_code == code
            and wanted.level in (None, each.level)
            and each.code not in self.given
        ]
        chosen = fitting[: wanted.positions]
        self.given.update(chosen)
        return chosen


def _all(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each finds; NotFound of all that is not there."""
    found: list[Any] = []
    missing: list[Problem] = []
    for call in calls:
        try:
            found.append(call())
        except NotFound as error:
            missing += error.problems
    if missing:
        raise NotFound.of(missing)
    return found


def _no_roles(content: Content, role: str) -> NotFound:
    named = f"{content.framework.code} {content.framework.version}"
    return NotFound(
        Problem(
            text=f"{named} has no roles, and a vacancy is for a role",
            found=role,
            mend="import a version with roles, or name another framework with --framework",
            code="recruitment.no-roles",
        )
    )
