"""Queries that whatever is raised meanwhile ends: a limit of time or memory, or Ctrl+C."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

Answer = TypeVar("Answer")
_A_MOMENT, _A_WHILE = 0.05, 0.5


def interruptible(query: Callable[[], Answer], interrupt: Callable[[], object] | None) -> Answer:
    """Return what ``query`` returns, and raise what it raises.

    It runs beside this thread, which is free for signals; whatever they raise is raised after ``interrupt``
    has ended the query, or at once where nothing can.
    """
    found: list[Answer] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(query())
        except Exception as error:
            failed.append(error)
        finally:
            done.set()

    done = Event()  # a thread whose join is interrupted by a signal is taken for ended before Python 3.13
    Thread(target=work, daemon=True).start()
    try:
        while not done.wait(_A_MOMENT):
            pass
    except BaseException:
        while interrupt is not None and not done.is_set():
            try:
                interrupt()  # and again: a query that has not begun cannot be ended
                done.wait(_A_WHILE)
            except KeyboardInterrupt:
                raise
            except BaseException:  # a limit that is exceeded says so every second
                continue
        raise
    if failed:
        raise failed[0]
    return found[0]
