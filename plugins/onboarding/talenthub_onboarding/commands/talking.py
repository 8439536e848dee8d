"""Talks on the way, the newcomer's own words, and the check at day 90."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    DateWord,
    Desk,
    Entry,
    OneOf,
    day_on,
    fire_entries,
    one_way,
    read_rating,
    writes,
)
from talenthub_onboarding.cases import TOO_EARLY
from talenthub_onboarding.commands.common import PAIR, PLAN, file_option
from talenthub_onboarding.files import OUTCOMES, read_checks, read_talks
from talenthub_onboarding.finding import plan_of

_OUTCOME = OneOf("outcome", [each.replace(" ", "-") for each in OUTCOMES])


@click.command()
@click.argument("word", metavar="[PLAN|PERSON]", type=PLAN, required=False)
@click.option("--outcome", type=_OUTCOME, help="How the start goes, as you see it.")
@click.option("--note", default="", help="What was said; needed for at-risk. The newcomer reads it.")
@click.option("--day", type=click.IntRange(1, 730), help="Which talk; default: the next one.")
@click.option("--on", "held", type=DAY, help="The day it was held; default: today.")
@file_option
@writes
def talk(
    desk: Desk,
    word: str | None,
    outcome: str | None,
    note: str,
    day: int | None,
    held: DateWord | None,
    file: Path | None,
) -> None:
    """Note a talk as the manager: no ratings, and no evidence."""
    one_way({"PLAN": word, "--file": file}, "talk")
    form: dict[str, Any] = {"note": note, "day": day, "held_on": day_on(desk, held)}
    if outcome is not None:
        form["outcome"] = outcome.replace("-", " ")
    fire_entries(desk, [Entry(word or "", form)] if file is None else read_talks(file), "talk", plan_of)


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=PLAN)
@click.option("--note", required=True, help="What you want to say about your start.")
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="CIT=3: your view; never counted.")
@writes
def reflect(desk: Desk, word: str, note: str, ratings: tuple[tuple[str, str], ...]) -> None:
    """Say as the newcomer how it goes."""
    given = {code: read_rating(value, TOO_EARLY, "--competency") for code, value in ratings}
    fire_entries(desk, [Entry(word, {"note": note, "ratings": given})], "reflect", plan_of)


@click.command()
@click.argument("word", metavar="[PLAN|PERSON]", type=PLAN, required=False)
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="CIT=3, or CIT=too-early.")
@click.option("--note", "notes", type=PAIR, multiple=True, help='CIT="…"; needed for 1, 2 and 5.')
@click.option("--on", "held", type=DAY, help="The day of the check; default: today.")
@file_option
@writes
def check(
    desk: Desk,
    word: str | None,
    ratings: tuple[tuple[str, str], ...],
    notes: tuple[tuple[str, str], ...],
    held: DateWord | None,
    file: Path | None,
) -> None:
    """Rate by the role's descriptors: the step that writes evidence."""
    one_way({"PLAN": word, "--file": file}, "check")
    if file is not None:
        fire_entries(desk, read_checks(file), "check", plan_of)
        return
    given = {code: read_rating(value, TOO_EARLY, "--competency") for code, value in ratings}
    form = {"ratings": given, "notes": dict(notes), "held_on": day_on(desk, held)}
    following = f"HR or the manager above decides: talent onboarding confirm {word}"
    fire_entries(desk, [Entry(word or "", form)], "check", plan_of, following=following)
