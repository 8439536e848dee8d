"""Letters: text templates with named fields, and nothing that computes.

A template is `letters/NAME.txt` beside talenthub.toml, or the one that comes
with the plugin. `{candidate}` is a field; there are no expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from talenthub.sdk import (
    CaseView,
    Engine,
    FileError,
    NotFound,
    NotPermitted,
    Problem,
    Refused,
    Transaction,
    nearest,
    persons,
    unknown,
)
from talenthub_recruitment.comparing import pinned
from talenthub_recruitment.opening import expect

SHIPPED = Path(__file__).parent / "letters"
FIELDS = (
    "today",
    "candidate",
    "role",
    "reference",
    "reasons",
    "offer_until",
    "appeal_until",
    "reserve_until",
    "sender",
    "organisation",
)
"""What a template may name."""

_FIELD = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a letter and where it was read."""

    name: str
    file: Path
    text: str


def template(folder: Path, name: str) -> Template:
    """Return the organisation's template of this name, or the shipped one."""
    found = {
        each.stem: each for place in (SHIPPED, folder / "letters") for each in sorted(place.glob("*.txt"))
    }
    if name not in found:
        mend = f"write {folder / 'letters' / name}.txt"
        raise NotFound(unknown("letter", name, found, mend=mend))
    try:
        text = found[name].read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FileError(
            Problem(
                text="the template cannot be read as UTF-8 text", place=str(found[name]), code="letter.file"
            )
        ) from None
    faults = list(_faults(found[name], text))
    if faults:
        raise FileError.of(faults)
    return Template(name, found[name], text)


def _faults(file: Path, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        for field in _FIELD.finditer(line):
            if field[1] not in FIELDS:
                yield Problem(
                    text="unknown field",
                    place=f"{file.name}:{number}:{field.start() + 1}",
                    found=field[1],
                    allowed=", ".join(FIELDS),
                    nearest=nearest(field[1], FIELDS),
                    code="letter.field",
                )


def letter(engine: Engine, tx: Transaction, ref: str, chosen: Template, organisation: str) -> str:
    """Return the letter to the candidate of an application.

    Refused where a field has nothing to say: no rejection without reasons.
    """
    case = expect(engine.case(tx, ref), "recruitment.application")
    if case.data is None:
        raise NotPermitted(Problem(text="only who sees the whole application writes its letters", place=ref))
    values = _values(engine, tx, case, organisation)
    named = dict.fromkeys(_FIELD.findall(chosen.text))
    empty = [each for each in named if not values[each]]
    if empty:
        raise Refused(
            Problem(
                text=f"the letter «{chosen.name}» does not fit this application yet",
                place=case.ref,
                found=f"nothing to say for {', '.join(empty)}",
                mend=f"talent show {case.ref}",
                code="letter.empty",
            )
        )
    return _FIELD.sub(lambda field: values[field[1]], chosen.text)


def _values(engine: Engine, tx: Transaction, case: CaseView, organisation: str) -> Mapping[str, str]:
    people = persons(tx, {each for each in (case.subject, tx.actor.person) if each is not None})
    data = case.data
    until = None
    if case.state == "rejected" and case.closed_at is not None:
        decided_on = case.closed_at.astimezone(tx.zone).date()
        until = decided_on + timedelta(days=pinned(engine, tx, case).appeal_days)
    return {
        "today": tx.today.isoformat(),
        "candidate": people[case.subject].name if case.subject in people else "",
        "role": case.about,
        "reference": case.ref,
        "reasons": "\n".join(f"- {said}" for said in data.reasons.values()),
        "offer_until": data.offer.expires_on.isoformat() if data.offer is not None else "",
        "appeal_until": until.isoformat() if until is not None else "",
        "reserve_until": data.reserve.until.isoformat() if data.reserve is not None else "",
        "sender": people[tx.actor.person].name if tx.actor.person in people else organisation,
        "organisation": organisation,
    }
