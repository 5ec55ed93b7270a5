"""The definitions the worksheet functions answer from, read again when a file they came from changes."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.find import METRICS_FILES, find_definitions
from metricsheet.errors import DefinitionError

METRICS_VARIABLE = "METRICSHEET_METRICS"
"""The environment variable that names the definitions to use, or holds the text of a ``metrics.yaml``."""

BENCHMARKS_VARIABLE = "METRICSHEET_BENCHMARKS"
"""The environment variable that names the benchmark packs to know, separated by ``;``."""

LOOK_EVERY = 1.0
"""Seconds between two looks at the files: on a network drive a look costs more than an answer."""

Stamps: TypeAlias = dict[Path, tuple[int, int] | None]


class Definitions:
    """The definitions in force for this Excel session.

    They are those of ``METRICSHEET_METRICS``, else of the nearest ``metrics.yaml`` at or above the working
    directory, else of one in the folder of the workbook, else the built-in ones; or those
    at ``path``, where it is given. Every ``LOOK_EVERY`` seconds
    of use the files are looked at, so that an edited cutoff holds from the next calculation on, without a
    restart.
    """

    def __init__(self, path: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._looked = float("-inf")
        self._found: Catalog | DefinitionError | None = None
        self._stamps: Stamps = {}

    @property
    def path(self) -> str | None:
        """What ``load_catalog`` is asked for."""
        named = self._path or os.environ.get(METRICS_VARIABLE)
        return _written(named) if named and "\n" in named else named or _beside_the_workbook()

    def catalog(self) -> Catalog:
        """Return the catalog in force; raises ``DefinitionError`` while its files cannot be used.

        A file that was spoiled by an edit is an error until it is mended: an answer by definitions that
        nobody can see any more would be a number without its reason.
        """
        found = self._found
        if found is None or self._changed():
            found = self._found = self._read()
        if isinstance(found, DefinitionError):
            raise found.with_traceback(None)
        return found

    def _changed(self) -> bool:
        now = self._clock()
        if now - self._looked < LOOK_EVERY:
            return False
        self._looked = now
        return any(_stamp(path) != stamp for path, stamp in self._stamps.items())

    def _read(self) -> Catalog | DefinitionError:
        self._looked = self._clock()
        path = self.path
        packs = [pack.strip() for pack in os.environ.get(BENCHMARKS_VARIABLE, "").split(";") if pack.strip()]
        found: Catalog | DefinitionError
        try:
            found = load_catalog(path, benchmarks=packs)
            files = _files_of(found)
        except DefinitionError as error:
            found = error
            places = (d.place for d in error.diagnostics if d.place is not None)
            files = {*self._stamps, *(Path(place.source.name).absolute() for place in places)}
            if path is not None:
                files.add(Path(path).absolute())
        self._stamps = {file: _stamp(file) for file in files}
        return found


@lru_cache(maxsize=4)
def _written(text: str) -> str:
    """Return a file with definitions that were given as text: beside a workbook in a browser are no files."""
    folder = Path(tempfile.mkdtemp(prefix="metricsheet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "metrics.yaml").write_text(text, encoding="utf-8")
    return str(folder / "metrics.yaml")


def _beside_the_workbook() -> str | None:
    """Return the folder of the workbook where it holds definitions and the working directory leads to none.

    Excel's working directory is seldom the workbook's folder, but xlwings puts that folder, and the add-in's,
    on Python's path.
    """
    if not find_definitions().built_in:
        return None
    for folder in map(Path, sys.path):
        ours = folder.is_relative_to(sys.prefix) or folder.is_relative_to(sys.base_prefix)
        if not ours and any((folder / name).is_file() for name in METRICS_FILES):
            return str(folder)
    return None


def _files_of(catalog: Catalog) -> set[Path]:
    """Return the files that definitions were read from, as absolute paths."""
    names = {catalog.path, *_places(catalog)}
    return {Path(name).absolute() for name in names}


def _places(catalog: Catalog) -> Iterator[str]:
    tables: Iterable[Iterable[object]] = (
        catalog.inputs.values(),
        catalog.metrics.values(),
        catalog.rules.values(),
        catalog.settings.values(),
        catalog.benchmarks,
    )
    for table in tables:
        for definition in table:
            place = getattr(definition, "place", None)
            if place is not None:
                yield place.source.name


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file does, or ``None`` where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
