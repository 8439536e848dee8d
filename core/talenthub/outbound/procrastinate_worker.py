"""A worker of Procrastinate: jobs of ids, a sweep, and jobs of dead workers."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Status
from sqlalchemy import make_url

from talenthub.outbound.on_procrastinate import SWEEPING
from talenthub.outbound.pieces import told
from talenthub.outbound.port import Place, Shift
from talenthub.outbound.worker import LONGEST_PAUSE, POLL
from talenthub.storage.database import LINE
from talenthub.workflow.outbox import DELIVERIES, TIMERS, Work

if TYPE_CHECKING:
    from talenthub.outbound.on_procrastinate import OnProcrastinate

SWEEP = "* * * * * */5"
"""Each five seconds: so late a timer fires at most while a worker is free."""

UPKEEP = "* * * * *"

LOOK = 0.1
"""Seconds between two looks whether somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Service:
    """Runs jobs in this process until it is asked to stop."""

    place: Place
    shift: Shift
    executor: OnProcrastinate

    def serve(self, *, once: bool) -> None:
        """Work; a database that is away is waited for, but not with `once`."""
        for name in ("procrastinate", "psycopg.pool", "asyncio"):
            # What matters is kept with the row or said; these would print jobs and addresses.
            logging.getLogger(name).addHandler(logging.NullHandler())
        if once:
            self._once()
            return
        pause = POLL
        while not self.shift.stop.is_set():
            before = self.shift.tally.total
            try:
                asyncio.run(self._work(wait=True))
                why = "the connection to the database was lost"
            except Exception as error:  # whatever it is, what is due later is still to be done
                why = told(error)
            if self.shift.stop.is_set():
                return
            pause = POLL if self.shift.tally.total > before else min(pause * 2, LONGEST_PAUSE)
            self.shift.say(f"{why}; next try in {pause:.0f} s")
            self.shift.stop.wait(pause)

    def _once(self) -> None:
        self.shift.keep_up()
        while not self.shift.stop.is_set():
            before = self.shift.tally.total
            found = self.sweep()
            asyncio.run(self._work(wait=False))
            if not found and self.shift.tally.total == before:
                return

    @property
    def group(self) -> str:
        """Return the queue of those workers that bring the same as this one."""
        pieces = self.shift.pieces
        return self.executor.group(pieces.engine, with_mail=pieces.with_mail)

    def sweep(self) -> int:
        """Follow changes among people and defer what has no live job."""
        pieces = self.shift.pieces
        pieces.run(pieces.engine.follow_people)
        return pieces.run(
            lambda tx: self.executor.sweep(pieces.engine, pieces.engine.enter(tx), with_mail=pieces.with_mail)
        )

    async def _work(self, *, wait: bool) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self.shift.concurrency + 1))
        app = self._app()
        async with app.open_async():
            await self._take_over(app)
            work = asyncio.create_task(
                app.run_worker_async(
                    queues=[self.executor.queue, self.group],
                    concurrency=self.shift.concurrency,
                    wait=wait,
                    # The rows tell what became of it; a job that is over is of no use.
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self.place.dead_after / 3,
                    stalled_worker_timeout=self.place.dead_after,
                )
            )
            while not work.done():
                if self.shift.stop.is_set():
                    work.cancel()  # it finishes the jobs at hand first
                    break
                await asyncio.wait([work], timeout=LOOK)
            with suppress(asyncio.CancelledError):
                await work

    def _app(self) -> App:
        url = make_url(self.place.url).set(drivername="postgresql")
        app = App(
            connector=PsycopgConnector(
                conninfo=url.render_as_string(hide_password=False),
                kwargs=dict(LINE),
                timeout=LINE["connect_timeout"],
            )
        )
        group = self.group
        for kind in (DELIVERIES, TIMERS):
            task = self.executor.task(kind)
            app.task(name=task, queue=self.executor.queue, pass_context=True)(partial(self._do, kind))
        for name, cron, function in (("sweep", SWEEP, self._sweep), ("upkeep", UPKEEP, self._upkeep)):
            task = self.executor.task(name)
            made = app.task(
                name=task,
                queue=group,
                queueing_lock=f"{task}/{group}",
                priority=SWEEPING,
                pass_context=True,
            )
            # Each group sweeps for itself: an older worker does not see what a newer one does.
            app.periodic(cron=cron, periodic_id=group)(made(function))
        return app

    def _do(self, kind: str, context: JobContext, ids: list[int]) -> None:
        # A sweep found it, or a dead worker had it.
        again = context.job.queue != self.executor.queue or context.job.attempts > 0
        self.shift.do(Work(kind, tuple(ids)), again=again)

    async def _take_over(self, app: App) -> None:
        """Have the jobs of dead workers run again, as Procrastinate advises."""
        jobs, limit = app.job_manager, self.place.dead_after
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=limit):
            if not self.executor.owns(job.queue):
                continue
            if job.queueing_lock is None:
                await jobs.retry_job(job)
            else:  # a sweep: the next one waits already, and two of them may not
                await jobs.finish_job(job, Status.FAILED, delete_job=True)

    async def _sweep(self, context: JobContext, **_moment: int) -> None:
        await self._take_over(context.app)
        await asyncio.to_thread(self.sweep)

    async def _upkeep(self, _context: JobContext, **_moment: int) -> None:
        await asyncio.to_thread(self.shift.keep_up)
        await asyncio.to_thread(self.shift.pieces.run, lambda tx: self.executor.forget(tx, self.group))
