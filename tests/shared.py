"""What the tests of the stage ``test`` read once and share; in the other stages each test reads it anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from metricsheet import prepared
from metricsheet.catalog.assembly import files
from metricsheet.catalog.problems import Problems
from metricsheet.files import read

ROOT = Path(__file__).parents[1]


def share() -> None:
    """Keep what costs most: definitions once unpickled, the trees of shipped YAML files, and workbooks."""
    # the bytes tell the same definitions; whether they may be used is still asked each time
    prepared._unpickle = lru_cache(maxsize=8)(prepared._unpickle)
    files.read_file = _shipped_once(files.read_file)
    read.read_book = _once(read.read_book)


def _once(read_book: Callable[..., Any]) -> Callable[..., Any]:
    books: dict[tuple[object, ...], Any] = {}

    @wraps(read_book)
    def read_shared(path: Path, *, shown: str | None = None) -> Any:
        try:
            whole = Path(path).resolve()
            key = path, shown, whole.stat().st_mtime_ns
        except (OSError, RuntimeError, ValueError):
            return read_book(path, shown=shown)
        if whole.is_relative_to(Path(gettempdir()).resolve()):
            return read_book(path, shown=shown)
        if key not in books:
            books[key] = read_book(path, shown=shown)
        return books[key]

    return read_shared


def _shipped_once(read: Callable[..., Any]) -> Callable[..., Any]:
    trees: dict[tuple[object, ...], Any] = {}

    @wraps(read)
    def read_file(path: Path, shown: str, kind: Any, problems: Problems) -> Any:
        whole = Path(path).resolve()
        if not whole.is_relative_to(ROOT) or problems.found:
            return read(path, shown, kind, problems)
        key = path, shown, kind, whole.stat().st_mtime_ns
        if key not in trees:
            found = read(path, shown, kind, problems)
            if problems.found:
                return found
            trees[key] = found
        problems.about(shown)
        return trees[key]

    return read_file
