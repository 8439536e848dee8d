"""Following a plan: entries, pulse, reassessment, closing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    PERSON,
    Cases,
    Column,
    DateWord,
    Desk,
    Entry,
    Transaction,
    day_on,
    fire_entries,
    one_way,
    writes,
)
from talenthub_career.commands.common import (
    PAIR,
    WORD,
    askings_option,
    file_option,
    looked_up,
    plan_word,
    plans_option,
    whole,
)
from talenthub_career.files import read_entries
from talenthub_career.finding import ASKING, case_of, own_answer
from talenthub_career.starting import handles


@click.command()
@click.argument("word", metavar="[PLAN|PERSON]", type=WORD, required=False)
@click.option("--action", default="", help="What you did.")
@click.option("--reflection", default="", help="What you noticed.")
@click.option("--impact", default="", help="What it changed.")
@click.option("--intention", default="", help="What you will try next.")
@click.option("--plan-change", default="", help="What should change in the plan.")
@click.option("--confidence", type=click.IntRange(0, 10), help="How sure you feel, 0 to 10.")
@click.option("--done", multiple=True, help="The key of an action that is done: COM-A1.")
@click.option("--on", "day", type=DAY, help="The day it is about; default: today.")
@file_option
@writes
def track(
    desk: Desk,
    word: str | None,
    action: str,
    reflection: str,
    impact: str,
    intention: str,
    plan_change: str,
    confidence: int | None,
    done: tuple[str, ...],
    day: DateWord | None,
    file: Path | None,
) -> None:
    """Write your entry: action, reflection, impact, intention."""
    one_way({"PLAN|PERSON": word, "--from": file}, "track")
    if file is not None:
        fire_entries(desk, read_entries(file), "track", plan_word)
        return
    form = {
        "on": day_on(desk, day),
        "action": action,
        "reflection": reflection,
        "impact": impact,
        "intention": intention,
        "plan_change": plan_change,
        "confidence": confidence,
        "done": [each.upper() for each in done],
    }
    fire_entries(desk, [Entry(word or "", form)], "track", plan_word)


@click.command()
@plans_option
@click.option(
    "--ask", "people", type=PERSON, multiple=True, required=True, help="A colleague: three to five of them."
)
@writes
def pulse(desk: Desk, cases: Cases, people: tuple[str, ...]) -> None:
    """Ask colleagues what change they see; they are read together only."""
    form = {"people": looked_up(desk, lambda tx: handles(tx, people))}
    following = "each of them: talent career answer PERSON --change 1"
    fire_entries(
        desk,
        [Entry(each, form) for each in cases.refs(desk)],
        "ask_colleagues",
        plan_word,
        following=following,
    )


@click.command()
@click.argument("words", metavar="ANW-…|PERSON…", type=WORD, nargs=-1, required=True)
@click.option("--change", type=click.IntRange(-3, 3), help="The change you see: -3 worse … +3 better.")
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="COM=3: by the role's descriptor.")
@writes
def answer(
    desk: Desk, words: tuple[str, ...], change: int | None, ratings: tuple[tuple[str, str], ...]
) -> None:
    """Answer; nothing tells later that it was you who said it."""
    engine = desk.workspace.engine
    form = {"change": change, "ratings": whole(ratings, "--competency")}

    def run(tx: Transaction) -> None:
        for word in words:
            engine.fire(tx, own_answer(engine, tx, word).ref, "answer", form)

    desk.run(run)
    rows = [{"answer": each, "state": "answered"} for each in words]
    desk.emit(rows, (Column("answer"), Column("state")))


@click.command()
@askings_option
@writes
def collect(desk: Desk, cases: Cases) -> None:
    """Close questions to colleagues: the plan shows what they said together."""

    def find(engine: Any, tx: Transaction, word: str) -> Any:
        return case_of(engine, tx, word, ASKING)

    fire_entries(desk, [Entry(each) for each in cases.refs(desk)], "close", find)


@click.command()
@plans_option
@click.option("--coach", type=PERSON, help="Who coached, and rates beside the manager.")
@click.option("--peer", "peers", type=PERSON, multiple=True, help="A colleague who rates: three or more.")
@writes
def reassess(desk: Desk, cases: Cases, coach: str | None, peers: tuple[str, ...]) -> None:
    """Have the targets rated again; each without a look at the others."""
    refs = cases.refs(desk)

    def read(tx: Transaction) -> dict[str, Any]:
        return {"coach": handles(tx, [coach])[0] if coach else None, "peers": handles(tx, peers)}

    form = looked_up(desk, read)
    following = f"manager and coach: talent career rate {refs[0]} --competency …; peers: talent inbox"
    fire_entries(desk, [Entry(each, form) for each in refs], "reassess", plan_word, following=following)


@click.command()
@plans_option
@click.option("--reflection", required=True, help="What you take along.")
@writes
def close(desk: Desk, cases: Cases, reflection: str) -> None:
    """Close the plan, both of you: achieved, or partly."""
    fire_entries(
        desk, [Entry(each, {"reflection": reflection}) for each in cases.refs(desk)], "close", plan_word
    )


@click.command()
@plans_option
@click.option("--days", type=click.IntRange(7, 730), required=True, help="So many more days from today.")
@click.option("--reason", required=True, help="What is done with the time.")
@writes
def extend(desk: Desk, cases: Cases, days: int, reason: str) -> None:
    """Give a reassessed plan more time."""
    fire_entries(
        desk,
        [Entry(each, {"days": days, "reason": reason}) for each in cases.refs(desk)],
        "extend",
        plan_word,
    )


@click.command()
@plans_option
@click.option("--reason", required=True, help="Why one looks again; what was before is kept.")
@writes
def again(desk: Desk, cases: Cases, reason: str) -> None:
    """Return plans to Seeing It."""
    fire_entries(
        desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "look_again", plan_word
    )


@click.command()
@plans_option
@click.option("--reason", required=True, help="Why it ends before its end.")
@writes
def abandon(desk: Desk, cases: Cases, reason: str) -> None:
    """End plans before their end; nothing is deleted."""
    fire_entries(desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "abandon", plan_word)
