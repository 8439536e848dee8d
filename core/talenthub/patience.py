"""Patience: what a plugin does inside a step, or for a worker, has to end.

Nobody can tell code that never returns from slow code, so there is a limit
of time, a generous one. Whoever calls a plugin there does so by `called`:
its frame on the stack is all that is looked for, a few times in the limit.
What stays too long is interrupted where it stands, as by Ctrl-C.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread, current_thread, get_ident, main_thread
from types import FrameType
from typing import Any, Final, TypeVar

from talenthub.blame import line_of
from talenthub.errors import PluginError, Problem

T = TypeVar("T")

LOOKS: Final = 5
"""Looks in one limit. A machine that stood still had only one: time alone proves nothing."""


class Overtime(SystemExit):
    """Ends what takes too long, past every handler of Exception.

    As it leaves like SystemExit, drivers call off what they asked of a server.
    """

    def __str__(self) -> str:
        """Return what is said of it; the setting names the limit."""
        return "it did not end within plugins.longest_call"


def is_overtime(error: BaseException | None) -> bool:
    """Return whether something took too long, wherever among the causes."""
    while error is not None and not isinstance(error, Overtime):
        error = error.__cause__ or error.__context__
    return error is not None


def called(function: Callable[..., T], *given: Any) -> T:
    """Return what a plugin's function returns, if it does so in time."""
    return function(*given)


class Patience:
    """Ends plugins' functions that take longer than `seconds`, here."""

    def __init__(self, seconds: float) -> None:
        self._pause = seconds / LOOKS
        self._seen: dict[int, tuple[FrameType, int]] = {}
        self._asking: dict[int, Callable[[], None]] = {}
        self._ended = Event()
        self._watch: Thread | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch this thread; PluginError where nobody said whose fault it was.

        The main thread is looked at by an alarm, which reaches code that no
        thread could: a pattern that is matched for ever. Where somebody else
        has set an alarm it goes unwatched: they wait for it already.
        """
        try:
            if current_thread() is not main_thread():
                self._watch_threads()
                yield
            elif not _alarm_is_free():
                yield
            else:
                with self._alarms():
                    yield
        except Overtime as error:
            said = Problem(text=f"a plugin failed: {error}", place=line_of(error), code="plugin.overtime")
            raise PluginError(said) from error

    @contextmanager
    def asking(self, call_off: Callable[[], None] | None) -> Iterator[None]:
        """Note how to call off what this thread asks of a database server.

        The main thread's driver does so itself; no other hears of anything
        before its answer has come.
        """
        if call_off is None or current_thread() is main_thread():
            yield
            return
        self._asking[get_ident()] = call_off
        try:
            yield
        finally:
            del self._asking[get_ident()]

    def close(self) -> None:
        """End the watch over other threads."""
        self._ended.set()

    @contextmanager
    def _alarms(self) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, self._alarm)
        signal.setitimer(signal.ITIMER_REAL, self._pause, self._pause)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            self._seen.pop(get_ident(), None)

    def _alarm(self, _number: int, frame: FrameType | None) -> None:
        if self._is_over(get_ident(), frame):
            raise Overtime

    def _watch_threads(self) -> None:
        if self._watch is None:
            self._watch = Thread(target=self._look_about, daemon=True, name="patience")
            self._watch.start()

    def _look_about(self) -> None:
        mine = {get_ident(), main_thread().ident}
        while not self._ended.wait(self._pause):
            frames = sys._current_frames()
            self._seen = {number: seen for number, seen in self._seen.items() if number in frames}
            for number, frame in frames.items():
                if number not in mine and self._is_over(number, frame):
                    _interrupt(number)
                    if (call_off := self._asking.get(number)) is not None:
                        with suppress(Exception):  # it is tried again at the next look
                            call_off()

    def _is_over(self, thread: int, frame: FrameType | None) -> bool:
        """Note which call a thread is at; return whether it was at it in every look."""
        call = _outermost(frame)
        if call is None:
            self._seen.pop(thread, None)
            return False
        seen, looks = self._seen.get(thread, (call, 0))
        self._seen[thread] = call, looks + 1 if seen is call else 1
        return self._seen[thread][1] > LOOKS


def _outermost(frame: FrameType | None) -> FrameType | None:
    found = None
    while frame is not None:
        if frame.f_code is called.__code__:
            found = frame
        frame = frame.f_back
    return found


def _alarm_is_free() -> bool:
    if not hasattr(signal, "setitimer"):
        return False
    return signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and signal.getitimer(signal.ITIMER_REAL)[0] == 0


def _interrupt(thread: int) -> None:
    """Raise Overtime in another thread, as soon as it is back in Python."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overtime))
