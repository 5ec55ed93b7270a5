"""The definitions in force, checked: the one door to everything in this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.find import DefinitionFiles, find_definitions
from metricsheet.catalog.remembered import recall, remember
from metricsheet.errors import DefinitionError, Diagnostic

__all__ = ["check_catalog", "find_definitions", "load_catalog", "missing_translations"]

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
    main = str(files.metrics)
    catalog = None if benchmarks else recall(main, files.shown)
    if catalog is not None:
        errors = [d for check in checks for d in check(catalog) if d.severity == "error"]
        if errors:
            raise DefinitionError(errors)
        return catalog
    from metricsheet.catalog.make import make_catalog

    made = make_catalog(files, benchmarks, checks, warn=False)
    if made.catalog is None or made.problems.errors:
        raise DefinitionError(made.problems.in_order("error"))
    if not benchmarks:
        remember(made.catalog, main, files.shown, made.files, made.folders)
    return made.catalog


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
    from metricsheet.catalog.make import make_catalog

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
