"""Queries that whatever is raised meanwhile ends: a limit of time or memory, or Ctrl+C."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")
_A_MOMENT = 0.05


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

    worker = Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_A_MOMENT)
    except BaseException:
        if interrupt is not None:
            interrupt()
            worker.join()
        raise
    if failed:
        raise failed[0]
    return found[0]
