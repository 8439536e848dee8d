"""`talent framework`: import, check, publish and read the framework."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.output import Column
from talenthub.cli.parameters import COMPETENCY, DAY, DateWord, Name, OneOf

if TYPE_CHECKING:
    from talenthub.access.rules import Decision
    from talenthub.framework.content import Content
    from talenthub.framework.formats.reading import Reader
    from talenthub.framework.library import FrameworkVersion
    from talenthub.storage.transaction import Transaction

FRAMEWORK = Name("framework")
ROLE = Name("role")
NUMBER = Name("version")
FILE = click.Path(path_type=Path)

_FINDING = (
    Column("severity"),
    Column("rule"),
    Column("where"),
    Column("text", "Finding"),
    Column("found"),
    Column("allowed"),
)
_VERSION = (
    *(Column(each) for each in ("code", "number", "title", "status", "effective_from", "published_at")),
    Column("content_hash", extra=True),
)
_ROLE = (
    *(Column(each) for each in ("competency", "level", "critical", "focus", "words_of", "descriptor")),
    *(Column(each, extra=True) for each in ("role_level", "essential", "descriptor_hash")),
)
_COMPETENCY = (
    *(Column(each) for each in ("level", "key", "descriptor")),
    *(Column(each, extra=True) for each in ("indicators", "watch_for", "words_of")),
)
_TREE = tuple(Column(each) for each in ("depth", "kind", "code", "title", "above"))
_USAGE = tuple(Column(each) for each in ("stage", "competency", "last_used"))

_number = click.option("--number", type=NUMBER, metavar="VERSION", help="Default: the version in force.")
_newest = click.option("--number", type=NUMBER, metavar="VERSION", help="Default: the newest version.")
_code = click.argument("code", type=FRAMEWORK, required=False)


@click.group("framework", context_settings={"help_option_names": ["-h", "--help"]})
def framework() -> None:
    """The competency framework that every talent decision is rated against.

    \b
    talent framework check framework.yaml
    talent framework import framework.yaml
    talent framework publish hpsa-core --effective 2026-01-02
    talent framework handbook hpsa-core --role case-officer --to case-officer.html
    """


@framework.command("import")
@click.argument("file", type=FILE)
@click.option("--catalogue-from", type=DAY, help="From when learning items and weights hold; default: today.")
@writes
def import_(desk: Desk, file: Path, catalogue_from: DateWord | None) -> None:
    """Read a framework FILE as a draft, or replace the draft it was."""
    from talenthub.cli import framework_rows as rows
    from talenthub.framework.formats.reading import read_framework
    from talenthub.framework.publishing import import_framework

    document = read_framework(file, lambda: _readers(desk))
    done = desk.run(
        lambda tx: import_framework(
            tx,
            document,
            catalogue_from=catalogue_from.on(tx.today) if catalogue_from else None,
            right=_right(tx, "framework_owner", "framework_editor"),
        )
    )
    change = done.catalogue
    desk.emit_record(
        {
            **rows.version_row(done.version),
            "outcome": done.outcome,
            "findings": len(done.report.findings),
            "blocking": len(done.report.blocking),
            "records_added": change.added,
            "records_changed": change.changed,
            "records_ended": change.ended,
        }
    )
    if done.report.blocking:
        desk.say(f"Next: talent framework check {file}")
    elif done.version.status == "draft":
        desk.say(f"Next: talent framework publish {done.version.code}")


@framework.command()
@click.argument("source", metavar="FILE|CODE")
@click.option("--profile", type=OneOf("profile", ("strict", "lenient")), help="Judge by this profile.")
@_number
@reads
def check(desk: Desk, source: str, profile: str | None, number: str | None) -> None:
    """Check a FILE, or a framework in the workspace, and list every finding."""
    from talenthub.cli import framework_rows as rows
    from talenthub.errors import Problem, Refused
    from talenthub.framework.checks import check as check_content
    from talenthub.framework.model import CheckProfile

    report = check_content(_source(desk, source, number), CheckProfile(profile) if profile else None)
    columns = [
        Column("severity"),
        Column("rule"),
        Column("where"),
        Column("text", "Finding"),
        Column("found"),
    ]
    desk.emit(list(rows.finding_rows(report)), [*columns, Column("allowed")])
    desk.say(rows.summary(report))
    if report.blocking:
        text = f"{len(report.blocking)} of {len(report.findings)} findings block publishing"
        raise Refused(Problem(text=text, place=source, code="framework.check"))


@framework.command("list")
@reads
def list_(desk: Desk) -> None:
    """List every version of every framework."""
    from talenthub.cli import framework_rows as rows
    from talenthub.framework.library import versions

    desk.emit([rows.version_row(each) for each in desk.run(versions)], _VERSION)


@framework.command()
@_code
@_number
@click.option("--role", type=ROLE, help="What one role asks, with the words that count.")
@click.option("--competency", type=COMPETENCY, help="The levels of one competency.")
@reads
def show(desk: Desk, code: str | None, number: str | None, role: str | None, competency: str | None) -> None:
    """Show a version, one of its roles, or one of its competencies."""
    from talenthub.cli import framework_rows as rows

    found, content = desk.run(lambda tx: _content(tx, code, number))
    if role is not None:
        desk.emit(list(rows.role_rows(content, role)), _ROLE)
    elif competency is not None:
        desk.emit(list(rows.competency_rows(content, competency)), _COMPETENCY)
    else:
        desk.emit_record({**rows.version_row(found), **rows.content_row(content)})


@framework.command()
@_code
@_number
@reads
def tree(desk: Desk, code: str | None, number: str | None) -> None:
    """Show how values, competencies and levels hang together."""
    from talenthub.cli import framework_rows as rows

    _, content = desk.run(lambda tx: _content(tx, code, number))
    found = list(rows.tree_rows(content))
    if desk.for_people:
        desk.write_text("\n".join(f"{'  ' * each['depth']}{each['code']}  {each['title']}" for each in found))
    else:
        desk.emit(found, _TREE)


@framework.command()
@_code
@_newest
@click.option("--effective", type=DAY, help="From when it is in force; default: today.")
@writes
def publish(desk: Desk, code: str | None, number: str | None, effective: DateWord | None) -> None:
    """Put a draft in force; the version before is superseded."""
    from talenthub.cli import framework_rows as rows
    from talenthub.framework.library import chosen_code, version_of
    from talenthub.framework.publishing import publish as publish_version

    def run(tx: Transaction) -> FrameworkVersion:
        draft = version_of(tx, chosen_code(tx, code), number)
        day = effective.on(tx.today) if effective else None
        return publish_version(tx, draft.id, day, right=_right(tx, "framework_owner"))

    desk.emit_record(rows.version_row(desk.run(run)))


@framework.command()
@_code
@_newest
@writes
def withdraw(desk: Desk, code: str | None, number: str | None) -> None:
    """Take a version out of use; nothing is deleted."""
    from talenthub.cli import framework_rows as rows
    from talenthub.framework.library import chosen_code, version_of
    from talenthub.framework.publishing import withdraw as withdraw_version

    def run(tx: Transaction) -> FrameworkVersion:
        found = version_of(tx, chosen_code(tx, code), number)
        return withdraw_version(tx, found.id, right=_right(tx, "framework_owner"))

    desk.confirm("Take this version out of use?")
    desk.emit_record(rows.version_row(desk.run(run)))


@framework.command()
@_code
@_number
@click.option("--role", type=ROLE, help="The pages of one role only.")
@click.option("--level", type=Name("level"), help="One level of the role.")
@click.option("--to", "target", type=FILE, help="Write to this file; .html gives HTML, .md Markdown.")
@click.option("--html", "as_html", is_flag=True, help="HTML on standard output.")
@reads
def handbook(
    desk: Desk,
    code: str | None,
    number: str | None,
    role: str | None,
    level: str | None,
    target: Path | None,
    as_html: bool,
) -> None:
    """Print the handbook, whole or of one role, as Markdown or HTML."""
    from talenthub.framework.handbook import handbook as whole
    from talenthub.framework.handbook import role_handbook, state_of
    from talenthub.framework.page import to_html, to_markdown

    found, content = desk.run(lambda tx: _content(tx, code, number))
    state = state_of(found)
    page = role_handbook(content, role, level=level, state=state) if role else whole(content, state=state)
    is_html = as_html or (target is not None and target.suffix.lower() in (".html", ".htm"))
    text = to_html(page) if is_html else to_markdown(page)
    if target is None:
        desk.write_text(text)
    else:
        _write(target, text)
        desk.say(f"Written: {target}")


@framework.command()
@_code
@reads
def usage(desk: Desk, code: str | None) -> None:
    """Show which stages put which competencies to work, and the trophy index."""
    from talenthub.framework.library import chosen_code
    from talenthub.framework.usage import trophy_index

    found = desk.run(lambda tx: trophy_index(tx, chosen_code(tx, code)))
    used = [
        {"stage": stage, "competency": competency, "last_used": day}
        for (stage, competency), day in sorted(found.used.items())
    ]
    desk.emit(used, _USAGE)
    share = f"{len(found.used)} of {found.cells} cells used in the last 365 days"
    desk.say(f"Trophy index {float(found.index):.4f}: {found.verdict} ({share})")


def _right(tx: Transaction, *grants: str) -> Decision:
    from talenthub.access.rules import Decision
    from talenthub.people.grants import holds

    if tx.actor.person is None:
        return Decision(True, "the system")
    held = next((each for each in grants if holds(tx, tx.actor.person, (each,))), None)
    if held is not None:
        return Decision(True, f"you hold {held}")
    return Decision(False, f"this needs the grant {' or '.join(grants)}")


def _readers(desk: Desk) -> dict[str, Reader]:
    from talenthub.host.loading import attribute

    return {
        suffix: attribute(each.value.read)
        for each in desk.workspace.host.framework_formats()
        if each.value.read is not None
        for suffix in each.value.suffixes
    }


def _content(tx: Transaction, code: str | None, number: str | None) -> tuple[FrameworkVersion, Content]:
    from talenthub.framework.library import chosen_code, content, current, version_of

    chosen = chosen_code(tx, code)
    found = current(tx, chosen) if number is None else version_of(tx, chosen, number)
    return found, content(tx, found.id)


def _source(desk: Desk, source: str, number: str | None) -> Content:
    from talenthub.framework.formats.reading import read_framework

    path = Path(source)
    if path.suffix or path.exists():
        return read_framework(path, lambda: _readers(desk)).content
    return desk.run(lambda tx: _content(tx, source, number))[1]


def _write(target: Path, text: str) -> None:
    from talenthub.cli.output import file_problem
    from talenthub.errors import FileError

    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(file_problem(error)) from None
