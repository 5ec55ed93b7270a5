"""The definitions in use, read and checked anew: the one door to everything in this package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.find import DefinitionFiles, find_definitions
from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.language.message import Message
from metricsheet.records import replace

__all__ = [
    "definition_files",
    "find_definitions",
    "load_catalog",
    "missing_translations",
    "to_translate",
    "with_passed_over",
]


def load_catalog(
    path: Path | str | None = None, *, benchmarks: Sequence[str] = (), start: Path | None = None
) -> Catalog:
    """Return the definitions in use (see ``find_definitions``), with the benchmark packs asked for.

    Rules are read, not compiled. Raises ``DefinitionError`` with every error of every file.
    """
    from metricsheet.catalog.assembly.make import make_catalog

    files = definition_files(path, start)
    made = make_catalog(files, benchmarks, warn=False)
    if made.catalog is None or made.problems.errors:
        raise DefinitionError(made.problems.in_order("error"))
    return with_passed_over(made.catalog, files)


def with_passed_over(catalog: Catalog, files: DefinitionFiles) -> Catalog:
    """Return the catalog with the files that were passed over for it, which depend on where it was asked."""
    return replace(catalog, passed_over=files.passed_over) if files.passed_over else catalog


def definition_files(path: Path | str | None = None, start: Path | None = None) -> DefinitionFiles:
    """Return the files of the definitions in use; raise ``DefinitionError`` when ``path`` leads to none."""
    try:
        return find_definitions(path, start)
    except FileNotFoundError as error:
        message = Message("file_not_found", path=str(error.args[0]))
        raise DefinitionError([Diagnostic(message, None, Message("init_writes_one"))]) from None


def missing_translations(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning for every text that people see and that is not in all languages."""
    from metricsheet.catalog import translations

    return translations.missing_translations(catalog)


def to_translate(catalog: Catalog, language: str) -> tuple[int, str]:
    """Return how many texts lack ``language``, and a file of translations with a place for each of them."""
    from metricsheet.catalog import translations

    return translations.to_translate(catalog, language)
