"""`talent framework`: import, check, publish and read the framework."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.framework import files, signing, trace, usage, versions
from talenthub.cli.framework.files import (
    DEVIATION,
    FILE,
    chosen_content,
    code_argument,
    entered,
    right,
    version_argument,
    write_page,
)
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import COMPETENCY, DAY, DateWord, Name

if TYPE_CHECKING:
    from talenthub.framework.content import Content
    from talenthub.framework.library import FrameworkVersion
    from talenthub.storage.transaction import Transaction

ROLE = Name("role")

_VERSION = (
    *(Column(each) for each in ("code", "number", "title", "status", "effective_from", "published_at")),
    *(Column(each, extra=True) for each in ("stale", "content_hash")),
)
_ROLE = (
    *(Column(each) for each in ("competency", "level", "critical", "focus", "words_of", "descriptor")),
    *(Column(each, extra=True) for each in ("essential", "descriptor_hash")),
)
_COMPETENCY = (
    *(Column(each) for each in ("level", "key", "descriptor")),
    *(Column(each, extra=True) for each in ("indicators", "watch_for", "words_of")),
)
_TREE = tuple(Column(each) for each in ("depth", "kind", "code", "title", "above"))


@click.group("framework", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def framework() -> None:
    """The competency framework that every talent decision is rated against.

    \b
    talent framework template -O framework.xlsx
    talent framework check framework.xlsx
    talent framework import framework.xlsx
    talent framework publish hpsa-core --effective 2026-01-02
    talent framework derive hpsa-core --to 1.1.0
    talent framework diff hpsa-core
    talent framework handbook hpsa-core --role case-officer --to case-officer.html
    """


@framework.command("list")
@reads
def list_(desk: Desk) -> None:
    """List every version of every framework."""
    from talenthub.cli.framework import rows
    from talenthub.workflow.framework_sight import versions_in_sight

    found, today = entered(desk, lambda tx: (versions_in_sight(tx), tx.today))
    desk.emit([rows.version_row(each, today) for each in found], _VERSION)
    stale = [each.name for each in found if each.is_stale(today)]
    if stale:
        desk.say(f"Not reviewed for 365 days: {', '.join(stale)}; talent framework reviewed CODE")


@framework.command()
@code_argument
@version_argument
@click.option("--role", type=ROLE, help="What one role asks, with the words that count.")
@click.option("--competency", type=COMPETENCY, help="The levels of one competency.")
@click.option("--deviations", is_flag=True, help="What its import mended or left out, row by row.")
@reads
def show(
    desk: Desk,
    code: str | None,
    number: str | None,
    role: str | None,
    competency: str | None,
    deviations: bool,
) -> None:
    """Show a version, one of its roles, or one of its competencies."""
    from talenthub.cli.framework import rows
    from talenthub.framework.imports import last_import

    found, content = entered(desk, lambda tx: chosen_content(tx, code, number))
    if role is not None:
        has_steps = len(content.role(role).levels) > 1
        columns = (Column("role_level", extra=not has_steps), *_ROLE)
        desk.emit(list(rows.role_rows(content, role, _language(desk, content))), columns)
    elif competency is not None:
        desk.emit(list(rows.competency_rows(content, competency, _language(desk, content))), _COMPETENCY)
    elif deviations:
        made = desk.run(lambda tx: last_import(tx, found.id))
        desk.emit(list(rows.deviation_rows(made.deviations if made else ())), DEVIATION)
    else:
        made = desk.run(lambda tx: last_import(tx, found.id))
        desk.emit_record({**rows.version_row(found), **rows.content_row(content), **rows.import_row(made)})


@framework.command()
@code_argument
@version_argument
@click.option("--to", "target", type=FILE, help="The cascade as a document: .html or .md.")
@reads
def tree(desk: Desk, code: str | None, number: str | None, target: Path | None) -> None:
    """Show how values, competencies and levels hang together."""
    from talenthub.cli.framework import rows
    from talenthub.framework.cascade import cascade
    from talenthub.framework.handbook import state_of

    version, content = entered(desk, lambda tx: chosen_content(tx, code, number))
    if target is not None:
        page = cascade(content, state=state_of(version), language=_language(desk, content))
        write_page(desk, page, target)
        return
    found = list(rows.tree_rows(content, _language(desk, content)))
    if desk.for_people:
        desk.write_text("\n".join(map(rows.tree_line, found)))
    else:
        desk.emit(found, _TREE)


@framework.command()
@code_argument
@version_argument
@click.option("--effective", type=DAY, help="From when it is in force; default: today.")
@writes
def publish(desk: Desk, code: str | None, number: str | None, effective: DateWord | None) -> None:
    """Put a draft in force; the version before is superseded."""
    from talenthub.cli.framework import rows
    from talenthub.evidence.carrying import carry_all
    from talenthub.framework.publishing import publish as publish_version
    from talenthub.workflow.framework_sight import version_in_sight

    def run(tx: Transaction) -> tuple[FrameworkVersion, int]:
        draft = version_in_sight(tx, code, number, newest=True)
        day = effective.on(tx.today) if effective else None
        made = publish_version(tx, draft.id, day, right=right(tx, "framework_owner"))
        return made, carry_all(tx, desk.workspace.evidence)

    made, carried = entered(desk, run)
    desk.emit_record({**rows.version_row(made), "evidence_carried": carried})
    if not desk.dry_run:
        desk.say("Next: talent tick, which asks those with open cases to look at it")


@framework.command()
@code_argument
@version_argument
@writes
def withdraw(desk: Desk, code: str | None, number: str | None) -> None:
    """Take a version out of use; nothing is deleted.

    Ratings that the version in force had carried over count as before it.
    """
    from talenthub.cli.framework import rows
    from talenthub.evidence.carrying_back import carry_back
    from talenthub.framework.library import Status
    from talenthub.framework.publishing import withdraw as withdraw_version
    from talenthub.workflow.framework_sight import version_in_sight

    def run(tx: Transaction) -> tuple[FrameworkVersion, int]:
        found = version_in_sight(tx, code, number, newest=True)
        made = withdraw_version(tx, found.id, right=right(tx, "framework_owner"))
        is_last = found.status is Status.PUBLISHED  # on an earlier one later versions have built
        return made, carry_back(tx, found.id, desk.workspace.evidence) if is_last else 0

    desk.confirm("Take this version out of use?")
    made, restored = entered(desk, run)
    desk.emit_record({**rows.version_row(made), "evidence_carried_back": restored})


@framework.command()
@code_argument
@version_argument
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

    found, content = entered(desk, lambda tx: chosen_content(tx, code, number))
    state, language = state_of(found), _language(desk, content)
    page = (
        role_handbook(content, role, level=level, state=state, language=language)
        if role
        else whole(content, state=state, language=language)
    )
    if target is None:
        desk.write_text(to_html(page) if as_html else to_markdown(page))
    else:
        write_page(desk, page, target, as_html=as_html)


def _language(desk: Desk, content: Content) -> str:
    """Return the organisation's language, where the framework is told in it."""
    return content.told_in(desk.workspace.settings.organisation.language)


framework.add_command(files.import_)
framework.add_command(files.check)
framework.add_command(files.export)
framework.add_command(files.template)
framework.add_command(versions.derive)
framework.add_command(versions.diff)
framework.add_command(versions.map_)
framework.add_command(versions.impact)
framework.add_command(versions.reviewed)
framework.add_command(usage.usage)
framework.add_command(trace.trace)
framework.add_command(signing.sign)
framework.add_command(signing.verify)
