"""Seeing It: what matters, what is lacking, targets, two signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    PERSON,
    Cases,
    Desk,
    Entry,
    Name,
    Problem,
    Transaction,
    UsageError,
    fire_entries,
    one_way,
    writes,
)
from talenthub_career.commands.common import PAIR, WORD, open_each, plan_word, plans_option
from talenthub_career.files import read_contexts
from talenthub_career.starting import start as open_plan
from talenthub_career.telling import case_row


@click.command()
@click.argument("people", metavar="PERSON…", type=PERSON, nargs=-1, required=True)
@click.option("--near", "near_role", type=Name("role"), help="The near-future role; default: the one above.")
@click.option("--near-level", type=Name("level"), help="Which level of a role with several.")
@writes
def start(desk: Desk, people: tuple[str, ...], near_role: str | None, near_level: str | None) -> None:
    """Open a development plan, by the strategy of the last placement."""
    engine = desk.workspace.engine

    def act(tx: Transaction, who: str) -> dict[str, Any]:
        return case_row(tx, open_plan(engine, tx, who, near_role, near_level))

    wanted = {each: {"near_role": near_role, "near_level": near_level} for each in people}
    said = '--challenge COM=1.0 … --near COM=0.9 … --challenge-why "…" --near-why "…"'
    following = f"talent career see {people[0]} {said}"
    open_each(desk, "career start", wanted, act, following=following)


@click.command()
@click.argument("word", metavar="[PLAN|PERSON]", type=WORD, required=False)
@click.option("--challenge", type=PAIR, multiple=True, help="COM=1.0: how much it matters now, 0 to 1.")
@click.option("--near", type=PAIR, multiple=True, help="COM=0.9: how much for the near-future role.")
@click.option("--why", "reasons", type=PAIR, multiple=True, help='COM="…": why it matters so much.')
@click.option("--challenge-why", default="", help="The challenge of now, in a sentence.")
@click.option("--near-why", default="", help="The near future, in a sentence.")
@click.option("--near-role", type=Name("role"), help="Another near-future role.")
@click.option("--near-level", type=Name("level"), help="Which level of a role with several.")
@click.option(
    "--from", "file", type=click.Path(path_type=Path), help="CSV: plan, competency, challenge, near, reason."
)
@writes
def see(
    desk: Desk,
    word: str | None,
    challenge: tuple[tuple[str, str], ...],
    near: tuple[tuple[str, str], ...],
    reasons: tuple[tuple[str, str], ...],
    challenge_why: str,
    near_why: str,
    near_role: str | None,
    near_level: str | None,
    file: Path | None,
) -> None:
    """Look at what matters and what is lacking, the two of you."""
    one_way({"PLAN|PERSON": word, "--from": file}, "see")
    told = {"challenge_why": challenge_why, "near_why": near_why}
    role = {"near_role": near_role, "near_level": near_level}
    entries = [
        Entry(each, {**weights, **told, **role})
        for each, weights in (read_contexts(file) if file is not None else {}).items()
    ]
    if word is not None:
        weights = {"challenge": dict(challenge), "near": dict(near), "reasons": dict(reasons)}
        entries.append(Entry(word, {**weights, **told, **role}))
    fire_entries(
        desk, entries, "see", plan_word, following=f"talent career show {entries[0].word} --part seeing"
    )


def _by_code(given: tuple[str, ...], codes: tuple[str, ...], place: str) -> dict[str, str]:
    """Return what is said of each target: CODE="…", or one text for one."""
    found: dict[str, str] = {}
    for text in given:
        code, sign, said = text.partition("=")
        if sign and code.strip().upper() in codes:
            found[code.strip().upper()] = said.strip()
        elif len(codes) == 1:
            found[codes[0]] = text
        else:
            raise UsageError(Problem(text='say of which target: CODE="…"', place=place, found=text[:60]))
    return found


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=WORD)
@click.argument("competencies", metavar="COMPETENCY…", type=COMPETENCY, nargs=-1, required=True)
@click.option("--why", "whys", multiple=True, required=True, help="Why this one, now.")
@click.option("--sign", "signs", multiple=True, required=True, help="By what one will see that it worked.")
@click.option("--reason", "reasons", multiple=True, help="Why not the one on top.")
@click.option("--restrain", "restrained", multiple=True, help="What to do less of: a strength overused.")
@writes
def target(
    desk: Desk,
    word: str,
    competencies: tuple[str, ...],
    whys: tuple[str, ...],
    signs: tuple[str, ...],
    reasons: tuple[str, ...],
    restrained: tuple[str, ...],
) -> None:
    """Choose the critical few: the top, or one of the first with a reason."""
    codes = tuple(each.upper() for each in competencies)
    why, sign_ = _by_code(whys, codes, "--why"), _by_code(signs, codes, "--sign")
    reason, less = _by_code(reasons, codes, "--reason"), _by_code(restrained, codes, "--restrain")
    targets = [
        {
            "competency": code,
            "why": why.get(code, ""),
            "sign": sign_.get(code, ""),
            "reason": reason.get(code, ""),
            "restrain": less.get(code, ""),
        }
        for code in codes
    ]
    following = f"the other of the two: talent career sign {word}"
    fire_entries(desk, [Entry(word, {"targets": targets})], "choose", plan_word, following=following)


@click.command()
@plans_option
@writes
def sign(desk: Desk, cases: Cases) -> None:
    """Sign what the other one proposed: the target, and later the plan."""
    fire_entries(desk, [Entry(each) for each in cases.refs(desk)], "sign", plan_word)
