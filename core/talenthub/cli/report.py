"""`talent report`: the reports that plugins bring."""

from __future__ import annotations

from pathlib import Path

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.files import Made, deliver, draws, kind_of
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import Name


@click.group("report", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def report() -> None:
    """Figures over many cases, each with the cases behind it.

    \b
    talent report list
    talent report run funnel --rows
    talent report run time-to-fill -o csv
    talent report run open-work --to work.xlsx
    talent report run funnel --to funnel.svg
    """


@report.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the reports, and whether you may run them."""
    from talenthub.cli.report_rows import listed

    host = desk.workspace.host
    columns = [Column(each) for each in ("name", "help", "plugin", "picture", "yours")]
    desk.emit(desk.run(lambda tx: listed(host, tx)), columns)


@report.command("run")
@click.argument("name", type=Name("report"))
@click.option("--rows", is_flag=True, help="List the cases behind each number.")
@draws
def run(desk: Desk, name: str, rows: bool, file: Path | None) -> None:
    """Run the report NAME; you see the figures of what you may see."""
    from talenthub.cli.report_rows import columns_of, picture_of, run_report

    form = desk.common.style.form
    kind = form if file is None else kind_of(file, form)
    found = desk.run(lambda tx: run_report(desk.workspace, tx, name))
    title = name.replace("-", " ").capitalize()
    columns = columns_of(found, with_rows=rows or kind == "html")
    deliver(desk, Made(title, found, columns, lambda: picture_of(desk.workspace, name, found)), file)
