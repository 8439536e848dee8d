"""Reviews: objectives, statements, sign-off, release, appeal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    REFERENCE,
    Cases,
    Column,
    DateWord,
    Desk,
    Engine,
    Group,
    Problem,
    Request,
    Transaction,
    UsageError,
    cases_option,
    day_on,
    raise_refusals,
    read_rating,
    reads,
    why_not,
    writes,
)
from talenthub_performance.cases import NOT_ASSESSED
from talenthub_performance.commands.common import PAIR, REVIEW, codes, figure, fire_found, one, reviews_option
from talenthub_performance.entering import Entered, Entry, enter, read_statements
from talenthub_performance.finding import REVIEW as REVIEW_WORKFLOW
from talenthub_performance.finding import case_of, review_of
from talenthub_performance.telling import review_rows

_SHOWN = (
    Column("part"),
    Column("item"),
    Column("rating", right=True, show=figure),
    Column("says"),
    Column("exact", extra=True),
    Column("progress", extra=True),
)


@click.group(cls=Group)
def review() -> None:
    """One person in one cycle: what was reached, and how."""


@review.command("show")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@reads
def show(desk: Desk, word: str) -> None:
    """Show what a review says: objectives, competencies, groups, figures."""
    engine = desk.workspace.engine
    desk.emit(desk.run(lambda tx: review_rows(engine, tx, word)), _SHOWN)


class Objective(click.ParamType[dict[str, str]]):
    """KEY:WEIGHT:TITLE[:START:TARGET[:UNIT]], an objective in one word."""

    name = "key:weight:title[:start:target[:unit]]"

    def convert(
        self, value: str | dict[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        """Return the objective as the form takes it."""
        if isinstance(value, dict):
            return value
        parts = [each.strip() for each in value.split(":")]
        if len(parts) not in (3, 5, 6):
            self.fail(f"{value!r} is no objective; allowed: {self.name}", param, ctx)
        found = dict(zip(("key", "weight", "title", "start", "target", "unit"), parts, strict=False))
        return {**found, "current": found["start"]} if "start" in found else found


@review.command("objectives")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--objective", "given", type=Objective(), multiple=True, help="In place of all there were.")
@click.option("--progress", type=PAIR, multiple=True, help="KEY=NUMBER: where an objective stands now.")
@click.option("--agree", is_flag=True, help="Agree to the objectives as they stand.")
@writes
def objectives(
    desk: Desk,
    word: str,
    given: tuple[dict[str, str], ...],
    progress: tuple[tuple[str, str], ...],
    agree: bool,
) -> None:
    """Set the objectives of a review, say where they stand, or agree."""
    chosen: list[tuple[str, dict[str, Any]]] = [
        *([("set_objectives", {"objectives": list(given)})] if given else []),
        *([("report_progress", {"current": dict(progress)})] if progress else []),
        *([("agree_objectives", {})] if agree else []),
    ]
    if len(chosen) != 1:
        raise UsageError(
            Problem(text="choose one", place="objectives", allowed="--objective, --progress or --agree")
        )
    one(desk, lambda engine, tx: review_of(engine, tx, word), *chosen[0])


def _say(
    desk: Desk,
    kind: str,
    word: str | None,
    ratings: tuple[tuple[str, str], ...],
    notes: tuple[tuple[str, str], ...],
    results: tuple[tuple[str, str], ...],
    text: str,
    on: DateWord | None,
    submit: bool,
    file: Path | None,
) -> None:
    if (word is None) == (file is None):
        raise UsageError(Problem(text="name one review or a file", place="rate", allowed="REVIEW or --file"))
    entries = [
        Entry(
            word or "",
            {
                code: read_rating(value, NOT_ASSESSED, "--competency")
                for code, value in codes(ratings).items()
            },
            codes(notes),
            {key: read_rating(value, NOT_ASSESSED, "--objective") for key, value in results},
            text,
        )
    ]
    entries = read_statements(file) if file is not None else entries
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[Entered]:
        for each in entries:
            each.rated_on = each.rated_on or (on.on(tx.today) if on else None)
        found = enter(engine, tx, entries, kind, submit=submit)
        if file is None and found[0].error is not None:
            raise found[0].error  # one statement is written and submitted as a whole, or not at all
        return found

    found = desk.run(run)
    errors = [each.error for each in found if each.error is not None]
    rows = [
        {"review": each.review, "state": each.state, "why_not": why_not(each.error) if each.error else []}
        for each in found
    ]
    desk.emit(rows, (Column("review"), Column("state"), Column("why_not", extra=not errors)))
    raise_refusals(errors, len(found))


@review.command("rate")
@click.argument("word", metavar="[REVIEW]", type=REVIEW, required=False)
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="COM=2, or COM=not-assessed.")
@click.option("--note", "notes", type=PAIR, multiple=True, help='COM="…"; needed for 1, 2 and 5.')
@click.option("--objective", "results", type=PAIR, multiple=True, help="letters=3: what was reached.")
@click.option("--text", default="", help="The year in your words.")
@click.option("--on", type=DAY, help="The day you rated; default: today.")
@click.option("--submit", is_flag=True, help="Submit it: it shows once the other one has as well.")
@click.option("--file", type=click.Path(path_type=Path), help="CSV of many: docs/performance.md.")
@writes
def rate(desk: Desk, /, word: str | None, **given: Any) -> None:
    """Rate somebody you manage, by the role's descriptors."""
    _say(desk, "manager", word, **given)


@review.command("self")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="COM=3; shown, never counted.")
@click.option("--note", "notes", type=PAIR, multiple=True, help='COM="…"')
@click.option("--objective", "results", type=PAIR, multiple=True, help="letters=3: your own view.")
@click.option("--text", default="", help="The year in your words.")
@click.option("--submit", is_flag=True, help="Submit it: it shows once your manager has as well.")
@writes
def self_(desk: Desk, /, word: str, **given: Any) -> None:
    """Say how you see your own work."""
    _say(desk, "self", word, on=None, file=None, **given)


def _many(desk: Desk, words: tuple[str, ...], step: str, form: dict[str, Any]) -> None:
    fire_found(
        desk, lambda engine, tx: [Request(review_of(engine, tx, each).ref, step, form) for each in words]
    )


def _waiting(
    desk: Desk, states: tuple[str, ...], step: str, form: dict[str, Any], *, as_manager: bool
) -> None:
    """Fire a step on every review in one of the states that the actor sees."""

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        own = tx.actor.identities
        return [
            Request(each.ref, step, form)
            for each in engine.of_workflow(tx, REVIEW_WORKFLOW, open_only=True)
            if each.state in states
            and each.subject not in own
            and bool(own & set(each.people("manager"))) is as_manager
        ]

    fire_found(desk, find, nothing="No review waits for this by you.")


_some_or_all = cases_option("REVIEW…", workflow=REVIEW_WORKFLOW, kind=REVIEW, required=False)


def _named_or_all(cases: Cases, everything: bool, command: str) -> None:
    if cases.are_named == everything:
        raise UsageError(
            Problem(text="name reviews or all", place=command, allowed="REVIEW…, --from, --where or --all")
        )


@review.command("begin")
@reviews_option
@writes
def begin(desk: Desk, cases: Cases) -> None:
    """Ask the person and the manager for their statements."""
    _many(desk, cases.refs(desk), "begin", {})


@review.command("sign")
@_some_or_all
@click.option("--all", "everything", is_flag=True, help="All that wait for it and that you have not rated.")
@click.option("--return", "reason", help="Give it back to the manager, and why.")
@writes
def sign(desk: Desk, cases: Cases, everything: bool, reason: str | None) -> None:
    """Sign reviews as a second pair of eyes, or give them back."""
    _named_or_all(cases, everything, "sign")
    step, form = ("return", {"reason": reason}) if reason else ("sign_off", {})
    if everything:
        _waiting(desk, ("submitted", "calibrated"), step, form, as_manager=False)
    else:
        _many(desk, cases.refs(desk), step, form)


@review.command("release")
@_some_or_all
@click.option("--all", "everything", is_flag=True, help="All signed ones of the people you manage.")
@click.option("--talked-on", "talked", type=DAY, help="The day of the talk; default: today.")
@click.option("--explain", default="", help="Why it is far from what the conversations said.")
@writes
def release(desk: Desk, cases: Cases, everything: bool, talked: DateWord | None, explain: str) -> None:
    """Release reviews after the talk; only now evidence is recorded."""
    _named_or_all(cases, everything, "release")
    form = {"talked_on": day_on(desk, talked), "explanation": explain}
    if everything:
        _waiting(desk, ("signed_off",), "release", form, as_manager=True)
    else:
        _many(desk, cases.refs(desk), "release", form)


@review.command("acknowledge")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--statement", default="", help="What you want to stand beside it.")
@writes
def acknowledge(desk: Desk, word: str, statement: str) -> None:
    """Say that you have read your review: seen is not agreed."""
    one(desk, lambda engine, tx: review_of(engine, tx, word), "acknowledge", {"statement": statement})


@review.command("appeal")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--reason", required=True, help="What you hold against it.")
@click.option("--wanted", default="", help="What should change.")
@writes
def appeal(desk: Desk, word: str, reason: str, wanted: str) -> None:
    """Appeal against your review, to people who did not decide it."""
    form = {"reason": reason, "wanted": wanted}
    one(desk, lambda engine, tx: review_of(engine, tx, word), "appeal", form)


@review.command("judge")
@click.argument("ref", metavar="APPEAL", type=REFERENCE)
@click.option("--admit", "step", flag_value="admit", help="Admit the appeal.")
@click.option("--refuse", "step", flag_value="refuse", help="Refuse it as inadmissible.")
@click.option("--uphold", "step", flag_value="uphold", help="Change what was found wrong.")
@click.option("--dismiss", "step", flag_value="dismiss", help="Let the review stand.")
@click.option("--reason", default="", help="Why; needed for all but admitting.")
@click.option("--competency", "changes", type=PAIR, multiple=True, help="COM=3: the rating from now on.")
@writes
def judge(desk: Desk, ref: str, step: str | None, reason: str, changes: tuple[tuple[str, str], ...]) -> None:
    """Judge an appeal against a review that you had no part in."""
    if step is None:
        allowed = "--admit, --refuse, --uphold or --dismiss"
        raise UsageError(Problem(text="say how", place="judge", allowed=allowed))
    form: dict[str, Any] = {} if step == "admit" else {"reason": reason}
    if step == "uphold":
        form = {"finding": reason, "changes": codes(changes)}
    one(desk, lambda engine, tx: case_of(engine, tx, ref, "performance.appeal"), step, form)
