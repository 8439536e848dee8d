"""Placing: two raters, calibration, and the strategy that is agreed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    PERSON,
    REFERENCE,
    UNIT,
    Cases,
    DateWord,
    Desk,
    Entry,
    Name,
    Transaction,
    day_on,
    fire_entries,
    members_of,
    one_way,
    reads,
    unit,
    unit_paths,
    writes,
)
from talenthub_career.commands.common import (
    PAIR,
    WORD,
    file_option,
    looked_up,
    open_each,
    placement_word,
    placements_option,
    whole,
)
from talenthub_career.files import agility_of, read_persons, read_ratings, results_of
from talenthub_career.finding import PLACEMENT, case_of, own_part, settings_for, settings_now
from talenthub_career.placement_effects import formula_of
from talenthub_career.starting import Placing
from talenthub_career.starting import place as open_placement
from talenthub_career.telling import case_row, placement_record


@click.command()
@click.argument("people", metavar="[PERSON]…", type=PERSON, nargs=-1)
@click.option("--occasion", required=True, help="The talk it belongs to: Talent review 2027.")
@click.option("--review", type=REFERENCE, help="A review that brings results and ratings: REV-1.")
@click.option("--rater", "raters", type=PERSON, multiple=True, help="Default: manager, and theirs.")
@click.option("--next", "next_role", type=Name("role"), help="Default: the role above.")
@click.option("--unit", "where", type=UNIT, help="Everybody of this unit and beneath.")
@file_option
@writes
def place(
    desk: Desk,
    people: tuple[str, ...],
    occasion: str,
    review: str | None,
    raters: tuple[str, ...],
    next_role: str | None,
    where: str | None,
    file: Path | None,
) -> None:
    """Open placements: raters are asked, each without the others."""
    one_way({"PERSON…": people, "--unit": where, "--from": file}, "place")
    engine = desk.workspace.engine
    listed = read_persons(file) if file is not None else [{"person": each} for each in people]
    if where is not None:
        listed = [{"person": each} for each in looked_up(desk, lambda tx: _members(tx, where))]
    usual = {"review": review, "next_role": next_role, "raters": " ".join(raters)}
    wanted = {each["person"]: {"occasion": occasion, **usual, **each} for each in listed}

    def act(tx: Transaction, who: str) -> dict[str, Any]:
        told = wanted[who]
        placing = Placing(
            who=who,
            occasion=occasion,
            review=told["review"],
            raters=tuple((told["raters"] or "").split()),
            next_role=told["next_role"],
        )
        return case_row(tx, open_placement(engine, tx, placing))

    open_each(
        desk,
        "career place",
        wanted,
        act,
        following="each rater: talent career rate PERSON --agility 3,3,3,3",
    )


def _members(tx: Transaction, where: str) -> list[str]:
    part = unit(tx, where)
    inside = {each for each, path in unit_paths(tx).items() if part.id in path}
    own = tx.actor.identities
    return [each.handle for each in members_of(tx, inside) if each.person not in own]


@click.command()
@click.argument("word", metavar="[CASE|PERSON]", type=WORD, required=False)
@click.option("--agility", help="The items of learning agility, in order: 3,3,4,3; or curiosity=3,….")
@click.option("--result", "results", multiple=True, help="RATING:WEIGHT of an objective: 3:0.8")
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="COM=4: by the role's descriptor.")
@click.option("--note", "notes", type=PAIR, multiple=True, help='COM="…"; needed for 1, 2 and 5.')
@click.option("--repeats", "repeated", multiple=True, help="A rating that says an earlier one again: COM.")
@click.option("--on", "day", type=DAY, help="The day you rated; default: today.")
@file_option
@writes
def rate(
    desk: Desk,
    word: str | None,
    agility: str | None,
    results: tuple[str, ...],
    ratings: tuple[tuple[str, str], ...],
    notes: tuple[tuple[str, str], ...],
    repeated: tuple[str, ...],
    day: DateWord | None,
    file: Path | None,
) -> None:
    """Rate where you are asked to: for a placement, or at a reassessment."""
    one_way({"CASE|PERSON": word, "--from": file}, "rate")
    if file is not None:
        fire_entries(desk, read_ratings(file, _items(desk)), "rate", own_part)
        return
    form: dict[str, Any] = {
        "ratings": whole(ratings, "--competency"),
        "notes": dict(notes),
        "rated_on": day_on(desk, day),
    }
    if results:
        form["results"] = results_of(" ".join(results))
    if repeated:
        form["repeated"] = [each.upper() for each in repeated]
    if agility is not None:
        form["agility"] = agility_of(agility, _items(desk))
    fire_entries(desk, [Entry(word or "", form)], "rate", own_part)


def _items(desk: Desk) -> list[str]:
    """Return the names of what learning agility is made of."""
    return [each.name for each in settings_now(desk.workspace.engine).agility]


@click.command()
@placements_option
@click.option("--note", required=True, help="What was discussed, where raters lay apart.")
@writes
def discuss(desk: Desk, cases: Cases, note: str) -> None:
    """Note what the raters talked about."""
    fire_entries(
        desk, [Entry(each, {"reason": note}) for each in cases.refs(desk)], "discuss", placement_word
    )


@click.command()
@placements_option
@click.option("--competency", "ratings", type=PAIR, multiple=True, help="COM=3: what calibration changes.")
@click.option("--reason", default="", help="Why; needed for a change.")
@writes
def calibrate(desk: Desk, cases: Cases, ratings: tuple[tuple[str, str], ...], reason: str) -> None:
    """Calibrate as somebody who did not rate; only now evidence is recorded."""
    refs = cases.refs(desk)
    form = {"ratings": whole(ratings, "--competency"), "reason": reason}
    following = f"talent career placement {refs[0]}, then talent career agree {refs[0]}"
    fire_entries(
        desk,
        [Entry(each, form) for each in refs],
        "calibrate",
        placement_word,
        following=following,
    )


@click.command()
@placements_option
@writes
def weigh(desk: Desk, cases: Cases) -> None:
    """Work out again what it means, once an aspiration is shared."""
    fire_entries(desk, [Entry(each) for each in cases.refs(desk)], "weigh_again", placement_word)


@click.command()
@placements_option
@click.option("--strategy", type=Name("strategy"), help="Default: the one that the figures mean.")
@click.option("--reason", default="", help="Why it is another one.")
@writes
def agree(desk: Desk, cases: Cases, strategy: str | None, reason: str) -> None:
    """Agree on the strategy: what the person is shown, and never a label."""
    form = {"strategy": strategy, "reason": reason}
    fire_entries(
        desk,
        [Entry(each, form) for each in cases.refs(desk)],
        "place",
        placement_word,
        following="talent career start PERSON",
    )


@click.command("placement")
@click.argument("word", metavar="PLACEMENT|PERSON", type=WORD)
@reads
def placement(desk: Desk, word: str) -> None:
    """Show a placement: what it rests on, exactly, and what it means."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> dict[str, Any]:
        case = case_of(engine, tx, word, PLACEMENT)
        return placement_record(tx, case) | {"formula": formula_of(settings_for(engine, tx, case))}

    record = desk.run(run)
    shown = {name: each for name, each in record.items() if each not in (None, [], "")}
    desk.emit_record(shown if desk.for_people else record)
