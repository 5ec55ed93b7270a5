"""What a person writes to say where an input stands: ``--map``, and the file beside a workbook."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import UsageError, WorkbookError, did_you_mean
from metricsheet.files.addresses import split_sheet
from metricsheet.records import record

FOLDER_FILE = "metricsheet.map.yaml"
"""The mapping for every workbook of a folder; ``Book.map.yaml`` is the one for ``Book.xlsx``."""

_KEYS = ("version", "mapping")
_MOST_BYTES = 1 << 20


@record
class Target:
    """A place as written. ``sheet`` is ``None`` where none was named; ``rest`` is what follows the sheet.

    ``table`` and ``column`` are the parts of ``Table[Column]``, both ``""`` for other targets.
    """

    text: str
    sheet: str | None
    rest: str
    table: str = ""
    column: str = ""


def parse_target(text: str) -> Target:
    """Return the parts of ``Header``, ``Sheet!Header``, ``Sheet!C5:C900``, ``Table[Column]`` and the like.

    Raises ``UsageError`` for an empty target or one that ends at its sheet.
    """
    plain = text.strip()
    sheet, rest = split_sheet(plain)
    rest = rest.strip()
    if not rest:
        raise UsageError(
            f"{text!r} names no place",
            "write Header, Sheet!Header, Sheet!C, Sheet!C5:C900, Sheet!B4 or Table[Column]",
        )
    if sheet is None and rest.endswith("]") and "[" in rest:
        table, _, column = rest[:-1].partition("[")
        if table.strip() and column.strip():
            return Target(
                plain, None, rest, table.strip(), column.strip().strip("[]").removeprefix("#All],[")
            )
    return Target(plain, sheet, rest)


def check_mapping(catalog: Catalog, mapping: Mapping[str, str]) -> dict[str, Target]:
    """Return the targets of ``mapping`` by input or metric.

    Raises ``UsageError`` for a key that is neither, and for a target that names no place.
    """
    targets = {}
    for key, text in mapping.items():
        if key not in catalog.inputs and key not in catalog.metrics:
            known = [*catalog.inputs, *catalog.metrics]
            raise UsageError(f"--map {key}={text}: {key!r} is no input or metric", did_you_mean(key, known))
        targets[key] = parse_target(text)
    return targets


def mapping_beside(path: Path, catalog: Catalog) -> dict[str, str]:
    """Return the mapping that lies beside the data file ``path``; empty when there is none.

    ``metricsheet.map.yaml`` holds for the whole folder, ``Book.map.yaml`` and ``Book.xlsx.map.yaml`` for one
    workbook and win. Raises ``WorkbookError`` with code ``bad_mapping`` when a file cannot be used.
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys((FOLDER_FILE, f"{path.stem}.map.yaml", f"{path.name}.map.yaml")):
        file = path.parent / name
        try:
            status = os.stat(file)
        except OSError:
            continue
        if status.st_size > _MOST_BYTES:
            raise WorkbookError(
                "bad_mapping", f"{file}: a mapping is a small file, this one has {status.st_size} bytes"
            )
        entries = _read(str(file), status.st_mtime_ns, status.st_size)
        found.update(_known(catalog, entries))
    return found


@lru_cache(maxsize=64)
def _read(file: str, modified: int, size: int) -> tuple[tuple[str, str, str], ...]:  # noqa: ARG001
    """Return (key, target, place) of every entry of a mapping file; the same file is read once."""
    from metricsheet.catalog.problems import Problems
    from metricsheet.catalog.yaml.reader import read_bytes
    from metricsheet.catalog.yaml.tree import Block

    problems = Problems()
    root = read_bytes(file, Path(file).read_bytes(), problems)
    entries = []
    if root is not None:
        for key in root:
            if key not in _KEYS:
                problems.error(
                    "unknown_key",
                    f"expected mapping:, found {key}",
                    root.key_place(key),
                    did_you_mean(key, _KEYS),
                )
        mapping = root.get("mapping")
        if not isinstance(mapping, Block):
            place = root.place("mapping") if "mapping" in root else root.place()
            problems.error("no_mapping", "expected mapping: with lines such as revenue: Sheet1!C", place)
        else:
            for key, value in mapping.items():
                if not isinstance(value, str):
                    message = f"expected a place such as Sheet1!C for {key}, found {value!r}"
                    problems.error(
                        "not_a_place", message, mapping.place(key), "put it in quotes if it is a header"
                    )
                else:
                    entries.append((key, value, str(mapping.key_place(key))))
    found = problems.in_order("error")
    if found:
        raise WorkbookError("bad_mapping", "\n".join(d.render() for d in found))
    return tuple(entries)


def _known(catalog: Catalog, entries: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    found = {}
    for key, target, place in entries:
        if key not in catalog.inputs and key not in catalog.metrics:
            hint = did_you_mean(key, [*catalog.inputs, *catalog.metrics])
            raise WorkbookError("bad_mapping", f"{place}: {key!r} is no input or metric", hint)
        try:
            parse_target(target)
        except UsageError as error:
            raise WorkbookError("bad_mapping", f"{place}: {error.message}", error.hint) from None
        found[key] = target
    return found
