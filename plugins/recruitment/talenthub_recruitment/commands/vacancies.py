"""Vacancies: open one, plan its interview, name its panel, print the kit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    PERSON,
    UNIT,
    CaseView,
    Column,
    Desk,
    Name,
    OneOf,
    Problem,
    Request,
    Transaction,
    UsageError,
    person,
    persons,
    reads,
    writes,
)
from talenthub_recruitment import kit as kits
from talenthub_recruitment.asking import Vacancy, open_requisitions, read_vacancies
from talenthub_recruitment.commands.common import PAIR, REFERENCE, answered_once, fire_one
from talenthub_recruitment.opening import expect, plan_of

ROLE = Name("role")
POST = Name("post")
_OPENED = tuple(Column(each) for each in ("ref", "about", "state", "positions", "posts"))

_KIT = (
    *(Column(each) for each in ("competency", "title", "required", "critical", "weight")),
    *(Column(each, extra=True) for each in ("past", "situational", "below", "at", "above")),
)


@click.command("open")
@click.argument("role", type=ROLE, required=False)
@click.option("--unit", type=UNIT, help="Where the work is.")
@click.option("--chair", type=PERSON, help="Who leads the panel.")
@click.option("--panel", type=PERSON, multiple=True, help="An assessor; once for each of at least three.")
@click.option("--reason", help="Why the position is needed.")
@click.option("--positions", type=click.IntRange(1, 500), default=1, show_default=True, help="How many.")
@click.option("--post", "posts", type=POST, multiple=True, help="Which post; default: the vacant ones.")
@click.option("--level", type=Name("level"), help="Which level of the role, if it has several.")
@click.option("--framework", type=Name("framework"), help="Which framework, if there are several.")
@click.option("--file", type=click.Path(path_type=Path), help="Many; its columns: docs/recruitment.md.")
@writes
def open_(
    desk: Desk,
    role: str | None,
    unit: str | None,
    chair: str | None,
    panel: tuple[str, ...],
    reason: str | None,
    positions: int,
    posts: tuple[str, ...],
    level: str | None,
    framework: str | None,
    file: Path | None,
) -> None:
    """Ask for positions of a ROLE: opens and submits a requisition."""
    if (role is None) == (file is None):
        text, allowed = "name one role or a file", "ROLE or --file"
        raise UsageError(Problem(text=text, place="open", allowed=allowed))
    typed = {"--unit": unit, "--chair": chair, "--reason": reason}
    if file is None and (missing := [option for option, value in typed.items() if not value]):
        raise UsageError(Problem(text=f"{' and '.join(missing)} must be given", place="open"))
    single = Vacancy(
        role=role or "",
        unit=unit or "",
        reason=reason or "",
        chair=chair or "",
        panel=panel,
        positions=positions,
        posts=posts,
        level=level,
        framework=framework,
    )
    rows = _asked(desk, [single] if file is None else read_vacancies(file))
    if file is None:
        desk.emit_record(rows[0])
        desk.say(f"Next: somebody with the budget approves: talent do {rows[0]['ref']} approve")
    else:
        desk.emit(rows, _OPENED)
        desk.say('Next: somebody with the budget approves: talent do approve --where "state=submitted"')


def _asked(desk: Desk, wanted: Sequence[Vacancy]) -> list[dict[str, Any]]:
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        def act() -> dict[str, Any]:
            return {"opened": [_opened(each) for each in open_requisitions(engine, tx, wanted)]}

        body = {"vacancies": [asdict(replace(each, row=None)) for each in wanted]}
        opened: list[dict[str, Any]] = answered_once(desk, tx, "recruitment open", body, act)["opened"]
        return opened

    return desk.run(run)


def _opened(case: CaseView) -> dict[str, Any]:
    return {
        "ref": case.ref,
        "about": case.about,
        "state": case.state,
        "positions": case.data.positions,
        "posts": list(case.data.posts),
    }


@click.command()
@click.argument("ref", type=REFERENCE)
@click.option(
    "--format", "kind", type=OneOf("format", ("md", "html")), help="Default: md, or by the file's name."
)
@click.option("--to", "file", type=click.Path(path_type=Path), help="Write it to a FILE.")
@click.option("--language", default="", help="For a framework in several; default: the organisation's.")
@reads
def kit(desk: Desk, ref: str, kind: str | None, file: Path | None, language: str) -> None:
    """Print the interview kit of REF: questions, and anchors to rate by."""
    plan = desk.run(lambda tx: plan_of(desk.workspace.engine, tx, ref))
    language = language or desk.workspace.settings.organisation.language
    if kind is None and file is None and not desk.for_people:
        desk.emit(kits.as_rows(plan, language), _KIT)
        return
    as_page = kind == "html" or (kind is None and file is not None and file.suffix in (".html", ".htm"))
    text = kits.as_page(plan, language) if as_page else kits.as_markdown(plan, language)
    if file is None:
        desk.write_text(text.rstrip("\n"))
    else:
        file.write_text(text, encoding="utf-8")
        desk.say(f"{file}: {', '.join(plan.codes)}")


@click.command()
@click.argument("ref", metavar="SELECTION", type=REFERENCE)
@click.argument("requisitions", metavar="REQUISITION…", type=REFERENCE, nargs=-1, required=True)
@writes
def share(desk: Desk, ref: str, requisitions: tuple[str, ...]) -> None:
    """Fill further requisitions of the same role by one selection."""
    engine = desk.workspace.engine

    def numbers(tx: Transaction) -> list[int]:
        found = engine.cases(tx, requisitions)
        return [expect(each, "recruitment.requisition").id for each in found.values()]

    asked = desk.workspace.run(desk.actor, numbers, read_only=True)
    following = f"a hire names the one it fills: talent recruitment hire APPLICATION --for {requisitions[0]}"
    fire_one(desk, Request(ref, "share", {"requisitions": asked}), following=following)


@click.command()
@click.argument("ref", type=REFERENCE)
@click.option("--competency", type=COMPETENCY, multiple=True, help="What is rated, in this order.")
@click.option("--critical", type=COMPETENCY, multiple=True, help="Which of them are critical.")
@click.option("--weight", type=PAIR, multiple=True, help="CODE=2: unequal weights need a reason.")
@click.option("--reason", default="", help="Why the plan departs from the role's focus.")
@click.option("--amend", is_flag=True, help="Propose it while assessing; somebody else approves.")
@writes
def plan(
    desk: Desk,
    ref: str,
    competency: tuple[str, ...],
    critical: tuple[str, ...],
    weight: tuple[tuple[str, str], ...],
    reason: str,
    amend: bool,
) -> None:
    """Change what the selection REF rates, before the plan locks."""
    form = {
        "competencies": list(competency),
        "critical": list(critical) or None,
        "weights": dict(weight),
        "reason": reason,
    }
    fire_one(desk, Request(ref, "amend_plan" if amend else "design", form))


@click.command()
@click.argument("ref", type=REFERENCE)
@click.option("--add", type=PERSON, multiple=True, help="Who joins.")
@click.option("--remove", type=PERSON, multiple=True, help="Who leaves.")
@click.option("--chair", type=PERSON, help="Who leads it from now on.")
@writes
def panel(desk: Desk, ref: str, add: tuple[str, ...], remove: tuple[str, ...], chair: str | None) -> None:
    """Change or show the panel of the selection REF."""
    engine = desk.workspace.engine

    def change(tx: Transaction) -> list[dict[str, object]]:
        ids = {handle: person(tx, handle).id for handle in (*add, *remove, *([chair] if chair else []))}
        form = {
            "add": [ids[each] for each in add],
            "remove": [ids[each] for each in remove],
            "chair": ids[chair] if chair else None,
        }
        if ids:
            engine.fire(tx, ref, "change_panel", form, request_id=desk.request_id)
        case = engine.case(tx, ref)
        people = persons(tx, {each for listed in case.participants.values() for each in listed})
        return [
            {"role": role, "person": people[each].handle, "name": people[each].name}
            for role, listed in case.participants.items()
            for each in listed
        ]

    desk.emit(desk.run(change), [Column("role"), Column("person"), Column("name")])
