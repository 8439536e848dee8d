"""`talent framework` between versions: derive, diff, map, impact, reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.framework.files import (
    FILE,
    NUMBER,
    code_argument,
    entered,
    right,
    version_argument,
    write_file,
    write_page,
)
from talenthub.cli.output import Column

if TYPE_CHECKING:
    from talenthub.framework.changes import Difference
    from talenthub.framework.library import FrameworkVersion
    from talenthub.framework.mapping import Pair
    from talenthub.storage.transaction import Transaction
    from talenthub.workflow.impact import Impact

EDITORS = ("framework_owner", "framework_editor")

_CHANGE = (
    *(Column(each) for each in ("class", "thing", "what", "where", "before", "after")),
    Column("why", extra=True),
    Column("similarity", right=True, extra=True),
)
_LINK = (
    *(Column(each) for each in ("old", "new", "class")),
    *(Column(each, right=True) for each in ("strength", "similarity")),
    *(Column(each) for each in ("confirmed", "why")),
)
_TOUCHED = (
    *(Column(each) for each in ("kind", "what", "state")),
    Column("count", right=True),
    *(Column(each) for each in ("who", "why")),
)

versions_argument = click.argument("words", nargs=-1, metavar="[CODE] [BEFORE] [AFTER]")
_to = click.option("--to", "target", type=FILE, help="Write to this file: .html, .md, else as its name says.")


@click.command()
@code_argument
@click.option("--from", "source", type=NUMBER, metavar="VERSION", help="Default: the version in force.")
@click.option("--to", "number", type=NUMBER, metavar="VERSION", required=True, help="The draft's number.")
@writes
def derive(desk: Desk, code: str | None, source: str | None, number: str) -> None:
    """Make a draft that begins as a copy of a version."""
    from talenthub.cli.framework import rows
    from talenthub.framework.deriving import derive as derive_version
    from talenthub.workflow.framework_sight import version_in_sight

    def run(tx: Transaction) -> FrameworkVersion:
        found = version_in_sight(tx, code, source)
        return derive_version(tx, found, number, right=right(tx, *EDITORS))

    made = entered(desk, run)
    desk.emit_record(rows.version_row(made))
    desk.say(f"Next: talent framework export {made.code} {made.number} -O {made.code}-{made.number}.yaml")
    desk.say(f"      edit it, talent framework import it, talent framework diff {made.code}")


@click.command()
@versions_argument
@_to
@reads
def diff(desk: Desk, words: tuple[str, ...], target: Path | None) -> None:
    """Show what changed between two versions, and how much it matters.

    Default: from the published version to the newest.
    """
    from talenthub.cli.framework import version_rows as rows
    from talenthub.framework.diff_page import diff_page, in_words

    found = entered(desk, lambda tx: _compared(tx, words))
    if target is not None:
        write_page(desk, diff_page(found, desk.workspace.settings.organisation.language), target)
        return
    desk.emit([rows.change_row(each) for each in found.changes], _CHANGE)
    desk.say(f"{found.before} → {found.after}: {in_words(found)}")
    if found.unconfirmed:
        desk.say(f"{len(found.unconfirmed)} to confirm: talent framework map {found.after.split()[0]}")


@click.command("map")
@versions_argument
@click.option("--to", "target", type=FILE, help="Write what succeeds what to this file: .csv or .yaml.")
@click.option("--from", "source", type=FILE, help="Take it back from this file, confirmed.")
@writes
def map_(desk: Desk, words: tuple[str, ...], target: Path | None, source: Path | None) -> None:
    """Say which old competency goes on as which new one.

    \b
    talent framework map hpsa-core --to mapping.csv     write what was found
    talent framework map hpsa-core --from mapping.csv   take back a yes
    """
    from talenthub.cli.framework import version_rows as rows
    from talenthub.framework.mapping_files import write_mapping

    found = entered(desk, lambda tx: _compared(tx, words)) if source is None else _taken(desk, words, source)
    links = rows.links_to_map(found)
    if target is not None and not desk.dry_run:
        is_yaml = target.suffix.lower() in (".yaml", ".yml")
        write_file(target, write_mapping(links, as_yaml=is_yaml))
        desk.say(f"Written: {target}")
        desk.say("Next: mend its rows, say yes under confirmed, then --from that file")
        return
    desk.emit([rows.link_row(each) for each in links], _LINK)
    missing = len(found.unconfirmed)
    desk.say(f"{missing} still to confirm." if missing else "Everything that must be confirmed is.")


@click.command()
@versions_argument
@_to
@reads
def impact(desk: Desk, words: tuple[str, ...], target: Path | None) -> None:
    """Show what a new version touches, and who must act.

    Only cases you may know of are listed.
    """
    from talenthub.cli.framework import version_rows as rows
    from talenthub.workflow.impact import in_words

    found = _impact(desk, words)
    if target is not None:
        write_page(desk, rows.impact_page(found, desk.workspace.settings.organisation.language), target)
        return
    desk.emit_groups(rows.touched_groups(found), _TOUCHED)
    desk.say(f"{found.difference.before} → {found.difference.after}: {in_words(found.touched)}")


@click.command()
@code_argument
@version_argument
@writes
def reviewed(desk: Desk, code: str | None, number: str | None) -> None:
    """Note that a published version was looked at today and still holds."""
    from talenthub.cli.framework import rows
    from talenthub.framework.reviewing import note_review
    from talenthub.workflow.framework_sight import version_in_sight

    def run(tx: Transaction) -> FrameworkVersion:
        found = version_in_sight(tx, code, number)
        return note_review(tx, found.id, right=right(tx, "framework_owner"))

    desk.emit_record(rows.version_row(entered(desk, run)))


def chosen_pair(tx: Transaction, words: tuple[str, ...]) -> Pair:
    """Return the two versions meant: `[CODE] [BEFORE] [AFTER]`."""
    from talenthub.errors import NotFound, Problem, UsageError
    from talenthub.framework.mapping import Pair, predecessor
    from talenthub.workflow.framework_sight import version_in_sight, versions_in_sight

    codes = {each.code for each in versions_in_sight(tx)}
    code = words[0] if words and words[0] in codes else version_in_sight(tx, None).code
    numbers = words[1:] if words and words[0] in codes else words
    if len(numbers) > 2:
        text = "two versions are compared, not more"
        raise UsageError(Problem(text=text, found=" ".join(numbers), code="framework.which"))
    after = version_in_sight(tx, code, numbers[-1] if numbers else None, newest=True)
    before = version_in_sight(tx, code, numbers[0]) if len(numbers) == 2 else predecessor(tx, after)
    if before is None:
        mend = f"talent framework diff {code} BEFORE AFTER"
        raise NotFound(
            Problem(text=f"nothing was published before {after.name}", mend=mend, code="framework.first")
        )
    return Pair(before, after)


def _compared(tx: Transaction, words: tuple[str, ...]) -> Difference:
    from talenthub.framework.mapping import compare

    pair = chosen_pair(tx, words)
    return compare(tx, pair.before, pair.after)


def _taken(desk: Desk, words: tuple[str, ...], source: Path) -> Difference:
    from talenthub.cli.output import file_problem
    from talenthub.errors import FileError
    from talenthub.framework.mapping import keep_mapping
    from talenthub.framework.mapping_files import read_mapping

    try:
        data = source.read_bytes()
    except OSError as error:
        raise FileError(file_problem(error)) from None
    links = read_mapping(data, source.name)
    may = EDITORS
    return entered(desk, lambda tx: keep_mapping(tx, chosen_pair(tx, words), links, right=right(tx, *may)))


def _impact(desk: Desk, words: tuple[str, ...]) -> Impact:
    from talenthub.framework.rights import require, right_verdict
    from talenthub.workflow.impact import impact as found

    def look(tx: Transaction) -> Impact:
        pair = chosen_pair(tx, words)
        verdict = right_verdict(tx, right(tx, *EDITORS))
        require((verdict,), "the impact is not yours to see", "framework.impact")
        return found(tx, pair, desk.workspace.evidence.minimum_people)

    return entered(desk, look)
