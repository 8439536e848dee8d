"""`talent worker`: runs what is due, until it is stopped."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, writes


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many webhooks and mails leave at a time; with Procrastinate, how many jobs run.",
)
@writes
def worker(desk: Desk, *, once: bool, concurrency: int) -> None:
    """Fire what is due and send what leaves, as long as it runs.

    It ends by itself with --once; else Ctrl-C or SIGTERM ends it after the
    piece of work that it is at. In a demo it goes by the demo's clock. On
    how many machines workers may run says `[jobs] executor`.

    \b
    talent worker
    talent worker --once
    """
    from talenthub.cli.worker_rows import run_worker

    run_worker(desk, once=once, concurrency=concurrency)
