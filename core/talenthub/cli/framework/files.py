"""`talent framework` and files: import, check, export, template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.output import Column
from talenthub.cli.parameters import DAY, DateWord, Name, OneOf

if TYPE_CHECKING:
    from talenthub.access.rules import Decision
    from talenthub.framework.content import Content, Document
    from talenthub.framework.library import FrameworkVersion
    from talenthub.framework.page import Page
    from talenthub.framework.signing import Signature
    from talenthub.hooks import FrameworkFormat
    from talenthub.storage.transaction import Transaction

T = TypeVar("T")

FILE = click.Path(path_type=Path)
NUMBER = Name("version")
SHOWN = 10
"""Deviations that an import lists; all of them are kept."""

DEVIATION = (
    *(Column(each) for each in ("rule", "where")),
    Column("text", "Deviation"),
    *(Column(each) for each in ("found", "done")),
)
_FINDING = (
    *(Column(each) for each in ("severity", "rule", "where")),
    Column("text", "Finding"),
    *(Column(each) for each in ("found", "allowed")),
)

code_argument = click.argument("code", type=Name("framework"), required=False)
version_argument = click.argument("number", metavar="[VERSION]", type=NUMBER, required=False)
"""Which version; without one that in force, or the newest where it is to be changed."""
_profile = click.option(
    "--profile", type=OneOf("profile", ("strict", "lenient")), help="Judge by this profile."
)
_format = click.option(
    "--format", "named", type=Name("format"), help="What the files are; default: see docs."
)
_mapping = click.option(
    "--mapping", "chart", type=FILE, metavar="MAP", help="Read FILE by this map (YAML); see docs."
)
_force = click.option("--force", is_flag=True, help="Replace the file if it is there.")


@click.command("import")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@_format
@_mapping
@_profile
@click.option("--code", type=Name("framework"), help="Import it under this id.")
@click.option("--number", type=NUMBER, metavar="VERSION", help="Import it as this version.")
@click.option("--catalogue-from", type=DAY, help="From when learning items and weights hold; default: today.")
@writes
def import_(
    desk: Desk,
    files: tuple[Path, ...],
    named: str | None,
    chart: Path | None,
    profile: str | None,
    code: str | None,
    number: str | None,
    catalogue_from: DateWord | None,
) -> None:
    """Read a framework as a draft from FILEs or a folder, or replace it."""
    from talenthub.cli.framework import rows
    from talenthub.framework.content import retitled
    from talenthub.framework.model import CheckProfile
    from talenthub.framework.publishing import import_framework

    checks = CheckProfile(profile) if profile else None
    document = retitled(read_files(desk, files, named, chart), code=code, number=number, checks=checks)
    done = desk.run(
        lambda tx: import_framework(
            tx,
            document,
            catalogue_from=catalogue_from.on(tx.today) if catalogue_from else None,
            right=right(tx, "framework_owner", "framework_editor"),
        )
    )
    record = rows.imported_row(done, document)
    if not desk.for_people:
        desk.emit_record(record)
    else:
        desk.emit_record({key: each for key, each in record.items() if key != "deviations_listed"})
    if desk.for_people and done.deviations:
        for line in rows.deviation_lines(done.deviations, SHOWN):
            desk.say(line)
        if not desk.dry_run:
            desk.say(f"All of them: talent framework show {done.version.code} --deviations")
    if done.report.blocking:
        desk.say(f"Next: talent framework check {' '.join(map(str, files))}")
    elif done.version.status == "draft":
        desk.say(_next(desk, done.version))


def _next(desk: Desk, draft: FrameworkVersion) -> str:
    """Return who does what next: whoever edited a draft does not publish it."""
    command = f"talent framework publish {draft.code} {draft.number}"
    is_editor = bool(draft.editors & desk.actor.identities)
    return f"Next: another holder of framework_owner runs {command}" if is_editor else f"Next: {command}"


@click.command()
@click.argument("source", nargs=-1, required=True, metavar="FILE...|CODE [VERSION]")
@_format
@_mapping
@_profile
@reads
def check(
    desk: Desk,
    source: tuple[str, ...],
    named: str | None,
    chart: Path | None,
    profile: str | None,
) -> None:
    """Check FILEs, or a framework in the workspace, and list every finding."""
    from talenthub.cli.framework import rows
    from talenthub.errors import Problem, Refused
    from talenthub.framework.checks import check as check_content
    from talenthub.framework.model import CheckProfile

    content, document = _source(desk, source, named, chart)
    report = check_content(content, CheckProfile(profile) if profile else None)
    deviations = document.deviations if document is not None else ()
    desk.emit([*rows.deviating_rows(deviations), *rows.finding_rows(report)], _FINDING)
    desk.say(rows.summary(report))
    if deviations:
        desk.say(f"{len(deviations)} deviations in the files: mended or left out, as listed")
    if report.blocking:
        text = f"{len(report.blocking)} of {len(report.findings)} findings block publishing"
        raise Refused(Problem(text=text, place=source[0], code="framework.check"))


@click.command()
@code_argument
@version_argument
@click.option("-f", "--format", "named", type=Name("format"), default="yaml", help="yaml, csv, xlsx, case …")
@click.option("-O", "--to", "target", type=FILE, help="The file to write; for csv a folder.")
@_force
@reads
def export(
    desk: Desk, code: str | None, number: str | None, named: str, target: Path | None, force: bool
) -> None:
    """Write a version to files that can be imported again.

    \b
    talent framework export hpsa-core -f xlsx -O hpsa-core.xlsx
    talent framework export hpsa-core 1.0.0 -f csv -O hpsa-core
    """
    from talenthub.errors import Problem, UsageError
    from talenthub.framework.formats.reading import write_framework

    document, signed = entered(desk, lambda tx: _exported(tx, code, number))
    written = write_framework(document, named, lambda: _formats(desk))
    if target is not None:
        write_all(target, written, force=force)
        desk.say(f"Written: {target}")
        if signed is not None:
            beside = target.with_name(f"{target.name}.sig")
            write_file(beside, signed.text.encode())
            desk.say(f"Written: {beside}, the newest signature; talent framework verify {target}")
        return
    data = next(iter(written.values())) if len(written) == 1 else None
    text = None if data is None else _as_text(data)
    if text is None:
        mend = "-O FOLDER" if len(written) > 1 else f"-O {next(iter(written))}"
        problem = Problem(text="this format needs a place to be written to", mend=mend, code="cli.target")
        raise UsageError(problem)
    click.echo(text, nl=False)


@click.command()
@click.option("-O", "--to", "target", type=FILE, required=True, help="The workbook to write.")
@_force
@reads
def template(desk: Desk, target: Path, force: bool) -> None:
    """Write a workbook to fill in: one example in each sheet."""
    from talenthub.framework.formats.template import template as made

    write_all(target, {target.name: made()}, force=force)
    desk.say(f"Written: {target}")
    desk.say(f"Next: fill it in, then talent framework check {target}")


def right(tx: Transaction, *grants: str) -> Decision:
    """Return whether the actor holds one of the grants."""
    from talenthub.access.rules import Decision
    from talenthub.people.grants import holds

    if tx.actor.person is None:
        return Decision(True, "the system")
    held = next((each for each in grants if holds(tx, tx.actor.person, (each,))), None)
    if held is not None:
        return Decision(True, f"you hold {held}")
    return Decision(False, f"this needs the grant {' or '.join(grants)}")


def entered(desk: Desk, function: Callable[[Transaction], T]) -> T:
    """Run `function` in a transaction that knows which cases one may see."""
    from talenthub.cli.casework import engine_of

    engine = engine_of(desk)
    return desk.run(lambda tx: function(engine.enter(tx)))


def chosen_content(tx: Transaction, code: str | None, number: str | None) -> tuple[FrameworkVersion, Content]:
    """Return the version meant (in force, else the newest) and its content."""
    from talenthub.framework.library import content
    from talenthub.workflow.framework_sight import version_in_sight

    found = version_in_sight(tx, code, number)
    return found, content(tx, found.id)


def write_all(target: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write one file to `target`, or several into the folder `target`."""
    from talenthub.errors import FileError, Problem

    several = len(files) > 1
    places = {target / name if several else target: data for name, data in files.items()}
    there = [each for each in places if each.exists()]
    if there and not force:
        raise FileError.of(
            [
                Problem(
                    text="this file is there already", place=str(each), mend="--force", code="file.exists"
                )
                for each in there
            ]
        )
    for place, data in places.items():
        write_file(place, data, folder=several)


def write_file(target: Path, data: bytes, *, folder: bool = False) -> None:
    """Write a file whole or not at all; FileError says why not."""
    from talenthub.cli.output import file_problem
    from talenthub.config.private import write_whole
    from talenthub.errors import FileError

    try:
        if folder:
            target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, data)
    except OSError as error:
        error.filename = str(target)
        raise FileError(file_problem(error)) from None


def write_page(desk: Desk, page: Page, target: Path, *, as_html: bool = False) -> None:
    """Write a document as HTML where the file is named so, else as Markdown."""
    from talenthub.framework.page import to_html, to_markdown

    is_html = as_html or target.suffix.lower() in (".html", ".htm")
    write_file(target, (to_html if is_html else to_markdown)(page).encode())
    desk.say(f"Written: {target}")


def _as_text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _exported(tx: Transaction, code: str | None, number: str | None) -> tuple[Document, Signature | None]:
    """Return a version as a document, and its newest signature."""
    from talenthub.framework.catalogue import learning_items, strategy_weights
    from talenthub.framework.content import Document
    from talenthub.framework.model import Catalogue, StrategyWeight
    from talenthub.framework.signing import signatures

    found, content = chosen_content(tx, code, number)
    items, weights = learning_items(tx, found.code), strategy_weights(tx, found.code)
    signed = next(reversed(signatures(tx, found.id)), None)
    if not items and not weights:
        return Document(content), signed
    listed = tuple(StrategyWeight(competency, weight) for competency, weight in weights.items())
    return Document(content, Catalogue(items, listed)), signed


def _formats(desk: Desk) -> Iterable[FrameworkFormat]:
    """Return the formats of the workspace's plugins; none without one."""
    from talenthub.errors import TalentError

    try:
        host = desk.workspace.host
    except TalentError:
        return []
    return [each.value for each in host.framework_formats()]


def read_files(desk: Desk, files: tuple[Path, ...], named: str | None, chart: Path | None) -> Document:
    """Return the framework in some files, by its format or by a map."""
    from talenthub.errors import Problem, UsageError
    from talenthub.framework.formats.mapped import read_mapped
    from talenthub.framework.formats.reading import read_framework

    if chart is not None and named is not None:
        text, mend = "a map and a format exclude each other", "leave one of them out"
        problem = Problem(text=text, mend=mend, code="cli.map-and-format")
        raise UsageError(problem)
    if chart is not None:
        return read_mapped(files, chart)
    return read_framework(files, lambda: _formats(desk), named=named)


def _source(
    desk: Desk, source: tuple[str, ...], named: str | None, chart: Path | None
) -> tuple[Content, Document | None]:
    from talenthub.framework.reviewing import whole_content

    paths = tuple(map(Path, source))
    is_code = named is None and chart is None and not paths[0].suffix and not paths[0].exists()
    if is_code and len(paths) <= 2:
        code, number = source[0], source[1] if len(source) == 2 else None
        return entered(desk, lambda tx: whole_content(tx, *chosen_content(tx, code, number))), None
    document = read_files(desk, paths, named, chart)
    return document.content, document
