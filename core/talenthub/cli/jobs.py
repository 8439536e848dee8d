"""`talent jobs`: what runs by itself, and what a person does about it."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads, reads_as, writes
from talenthub.cli.lazy import Group


@click.group("jobs", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def jobs() -> None:
    """What waits, runs and has failed. For holders of admin or hr_head.

    Campaigns are also for whoever began them.

    \b
    talent jobs list
    talent jobs show campaign-3
    talent jobs retry delivery-12 timer-7
    """


@jobs.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what is due later.")
@reads
def list_(desk: Desk, *, everything: bool) -> None:
    """List what is due, runs or has failed: tries, next try, last error."""
    from talenthub.cli.jobs_rows import print_jobs

    print_jobs(desk, everything=everything)


@jobs.command()
@click.argument("job")
@reads
def show(desk: Desk, job: str) -> None:
    """Show one JOB with all that is known of it."""
    from talenthub.cli.jobs_rows import print_job

    print_job(desk, job)


@jobs.command()
@click.argument("names", metavar="JOB...", nargs=-1)
@click.option("--dead", "all_dead", is_flag=True, help="All that were tried too often.")
@writes
def retry(desk: Desk, names: tuple[str, ...], *, all_dead: bool) -> None:
    """Have failed jobs tried again at once."""
    from talenthub.cli.jobs_rows import retry_jobs

    retry_jobs(desk, names, all_dead=all_dead)


@jobs.command()
@click.argument("names", metavar="JOB...", nargs=-1)
@click.option("--parked", metavar="HANDLER", help="All calls that wait for a handler nobody brings any more.")
@writes
def cancel(desk: Desk, names: tuple[str, ...], *, parked: str | None) -> None:
    """Close deliveries that are not to be tried any more, and campaigns.

    \b
    talent jobs cancel delivery-12 campaign-3
    talent jobs cancel --parked coffee:leaver
    """
    from talenthub.cli.jobs_rows import cancel_jobs

    cancel_jobs(desk, names, parked=parked)


@jobs.command("run")
@click.argument("names", metavar="CAMPAIGN...", nargs=-1, required=True)
@writes
def run(desk: Desk, names: tuple[str, ...]) -> None:
    """Do here what is left of campaigns, without a worker."""
    from talenthub.cli.jobs_rows import run_campaigns

    run_campaigns(desk, names)


@jobs.command("stats")
@reads_as("openmetrics")
def stats(desk: Desk) -> None:
    """Count what waits, runs and has failed, for those who watch over it.

    \b
    talent jobs stats -o json
    talent jobs stats -o openmetrics
    """
    from talenthub.cli.jobs_stats import print_stats

    print_stats(desk)
