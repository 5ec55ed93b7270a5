"""The definitions in force, checked: the one door to everything in this package."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.find import DefinitionFiles, find_definitions
from metricsheet.catalog.remembered import Wanted, recall, remember
from metricsheet.errors import DefinitionError, Diagnostic

if TYPE_CHECKING:
    from metricsheet.catalog.assembly.make import Made

__all__ = ["check_catalog", "find_definitions", "load_and_make", "load_catalog", "missing_translations"]

Part = TypeVar("Part")

Check: TypeAlias = Callable[[Catalog], Iterable[Diagnostic]]
"""A further check of definitions, such as compiling the rules; see ``check_catalog``."""


def load_catalog(
    path: Path | str | None = None,
    *,
    benchmarks: Sequence[str] = (),
    start: Path | None = None,
    checks: Sequence[Check] = (),
) -> Catalog:
    """Return the definitions in force (see ``find_definitions``), with the benchmark packs asked for.

    Raises ``DefinitionError`` with every error of every file. Definitions found good before are not read
    again as long as nothing about them has changed (see ``remembered``).
    """
    files = _found(path, start)
    if isinstance(files, Diagnostic):
        raise DefinitionError([files])
    wanted = Wanted(str(files.metrics), files.shown)
    kept = None if benchmarks else recall(wanted)
    if kept is None:
        made, catalog = _make(files, benchmarks, checks)
        if not benchmarks:
            remember(wanted, (catalog, None), made.texts, made.folders)
        return catalog
    errors = [d for check in checks for d in check(kept[0]) if d.severity == "error"]
    if errors:
        raise DefinitionError(errors)
    return kept[0]


def load_and_make(
    path: Path | str | None,
    make: Callable[[Catalog], Part],
    name: str,
    classes: Collection[str],
    *,
    benchmarks: Sequence[str] = (),
    fresh: bool = False,
) -> tuple[Catalog, Part]:
    """Return the definitions in force, and what ``make`` makes of them.

    What is made is kept with the definitions under ``name``; ``classes`` are the modules of its classes.
    ``fresh`` definitions are read whatever is kept. Raises ``DefinitionError`` like ``load_catalog``.
    """
    files = _found(path, None)
    if isinstance(files, Diagnostic):
        raise DefinitionError([files])
    wanted = Wanted(str(files.metrics), files.shown, name, classes)
    kept = None if benchmarks or fresh else recall(wanted)
    if kept is not None:
        return kept
    made, catalog = _make(files, benchmarks, ())
    part = make(catalog)
    if not benchmarks:
        remember(wanted, (catalog, part), made.texts, made.folders)
    return catalog, part


def _make(files: DefinitionFiles, benchmarks: Sequence[str], checks: Sequence[Check]) -> tuple[Made, Catalog]:
    # what reads and checks definitions is not even imported where they are kept
    from metricsheet.catalog.assembly.make import make_catalog

    made = make_catalog(files, benchmarks, checks, warn=False)
    if made.catalog is None or made.problems.errors:
        raise DefinitionError(made.problems.in_order("error"))
    return made, made.catalog


def check_catalog(
    path: Path | str | None = None,
    *,
    benchmarks: Sequence[str] = (),
    start: Path | None = None,
    checks: Sequence[Check] = (),
) -> tuple[Catalog | None, tuple[Diagnostic, ...]]:
    """Return the definitions in force and every problem, warnings too; no definitions when there is an error.

    ``checks`` are run on the definitions that are sound by themselves, also when others have errors, so that
    all problems show in one run; rules that name a broken definition are left out.
    """
    files = _found(path, start)
    if isinstance(files, Diagnostic):
        return None, (files,)
    from metricsheet.catalog.assembly.make import make_catalog

    made = make_catalog(files, benchmarks, checks, warn=True)
    return (None if made.problems.errors else made.catalog), made.problems.in_order()


def missing_translations(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning for every text that people see and that is not in all languages."""
    from metricsheet.catalog import translations

    return translations.missing_translations(catalog)


def _found(path: Path | str | None, start: Path | None) -> DefinitionFiles | Diagnostic:
    try:
        return find_definitions(path, start)
    except FileNotFoundError as error:
        message = f"expected a definition file, found none at {error.args[0]}"
        return Diagnostic("file_not_found", message, None, "metricsheet init writes one")
