"""What a person writes to say where an input is: ``--map``, and the file beside a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Campaign
from metricsheet.errors import UsageError, WorkbookError, did_you_mean
from metricsheet.files.addresses import split_sheet
from metricsheet.files.kind import SUFFIXES
from metricsheet.language.message import Message
from metricsheet.reading.settings import ReadSettings, read_settings, sheets_of
from metricsheet.records import field, record

if TYPE_CHECKING:
    from metricsheet.catalog.problems import Problems
    from metricsheet.catalog.yaml.tree import Block

MAP_SUFFIX = ".map.yaml"
"""How the name of every mapping file ends."""

FOLDER_FILE = f"metricsheet{MAP_SUFFIX}"
"""The mapping for every workbook of a folder; ``Book.map.yaml`` is the one for ``Book.xlsx``."""

_SECTIONS = {"mapping": ("revenue: Sheet1!C", "a place"), "read": ("totals: keep", "a value")}
"""The parts of a mapping file: a line as an example, and what is behind the colon."""

_KEYS = ("version", *_SECTIONS, "campaigns")
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
            Message("names_no_place", text=text),
            Message("write_a_place"),
        )
    if sheet is None and rest.endswith("]") and "[" in rest:
        table, _, column = rest[:-1].partition("[")
        if table.strip() and column.strip():
            return Target(
                plain, None, rest, table.strip(), column.strip().strip("[]").removeprefix("#All],[")
            )
    return Target(plain, sheet, rest)


def check_mapping(catalog: Catalog, mapping: Mapping[str, str]) -> dict[str, tuple[Target, ...]]:
    """Return the targets of ``mapping`` by input or metric; ``Kunden|Customers`` are two, best first.

    Raises ``UsageError`` for a key that is neither, and for a target that names no place.
    """
    targets = {}
    for key, text in mapping.items():
        if key not in catalog.inputs and key not in catalog.metrics:
            known = [*catalog.inputs, *catalog.metrics]
            raise UsageError(
                Message("map_unknown", input=key, target=text, name=key), did_you_mean(key, known)
            )
        targets[key] = tuple(map(parse_target, text.split("|")))
    return targets


@record
class MappingFile:
    """What the files beside a workbook say: places by input or metric, how it is read, and its campaigns."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()


def mapping_beside(path: Path, catalog: Catalog) -> MappingFile:
    """Return the mapping that lies beside the data file ``path``; empty when there is none.

    ``metricsheet.map.yaml`` holds for the whole folder, ``Book.map.yaml`` and ``Book.xlsx.map.yaml`` for one
    workbook and win. Raises ``WorkbookError`` with code ``bad_mapping`` when a file cannot be used.
    """
    mapping: dict[str, str] = {}
    read: dict[str, str] = {}
    campaigns: dict[str, Campaign] = {}
    for file in mappings_beside(path):
        try:
            status = os.stat(file)
        except OSError:
            continue
        if status.st_size > _MOST_BYTES:
            raise WorkbookError(
                "bad_mapping", Message("mapping_too_large", file=str(file), bytes=status.st_size)
            )
        entries, named = _read(str(file), status.st_mtime_ns, status.st_size)
        campaigns |= {one.key: one for one in named}
        for entry in entries:
            _check(catalog, entry)
            (mapping if entry.section == "mapping" else read)[entry.key] = entry.text
    _check_campaigns(catalog, campaigns)
    return MappingFile(mapping, read, tuple(campaigns.values()))


def mappings_beside(path: Path) -> list[Path]:
    """Return the files that may hold the mapping of the data file ``path``; the last one wins."""
    names = (FOLDER_FILE, f"{path.stem}{MAP_SUFFIX}", f"{path.name}{MAP_SUFFIX}")
    return [path.parent / name for name in dict.fromkeys(names)]


def mapping_name(path: Path) -> Path:
    """Return where the mapping of the data file ``path`` belongs: one that is there, else a name of its own.

    ``Book.map.yaml`` would also be that of a ``Book.csv`` beside ``Book.xlsx``.
    """
    full, short = (path.with_name(f"{name}{MAP_SUFFIX}") for name in (path.name, path.stem))
    if full.exists():
        return full
    others = (path.with_suffix(suffix) for suffix in SUFFIXES if suffix != path.suffix)
    return full if any(other.exists() for other in others) else short


@record
class _Entry:
    """One line of a mapping file under ``mapping:`` or ``read:``, and where it is."""

    section: str
    key: str
    text: str
    place: str


@lru_cache(maxsize=64)
def _read(file: str, modified: int, size: int) -> tuple[tuple[_Entry, ...], tuple[Campaign, ...]]:  # noqa: ARG001
    """Return every entry of a mapping file and its campaigns; the same file is read once."""
    from metricsheet.catalog.problems import Problems
    from metricsheet.catalog.yaml.reader import read_bytes

    problems = Problems()
    root = read_bytes(file, Path(file).read_bytes(), problems)
    entries = tuple(_entries(root, problems)) if root is not None else ()
    campaigns = _campaigns(root, problems) if root is not None else ()
    found = problems.in_order("error")
    if found:
        raise WorkbookError("bad_mapping", Message("text", text="\n".join(d.render() for d in found)))
    return entries, campaigns


def _campaigns(root: Block, problems: Problems) -> tuple[Campaign, ...]:
    if "campaigns" not in root:
        return ()
    from metricsheet.catalog.assembly.inputs import campaigns_beside

    block = root.block("campaigns")
    if block is None:
        problems.error(Message("no_mapping.campaigns"), root.place("campaigns"))
        return ()
    return campaigns_beside(block, problems)


def _check_campaigns(catalog: Catalog, campaigns: Mapping[str, Campaign]) -> None:
    """Raise ``WorkbookError`` for a growth campaign during another one."""
    known = {**{one.key: one for one in catalog.campaigns}, **campaigns}
    growth = sorted((one for one in known.values() if one.kind == "growth"), key=lambda one: one.start)
    for one, later in pairwise(growth):
        if later.start <= one.end:
            reason = Message("campaigns_overlap", campaign=later.key, other=one.key)
            message = Message("at_place", place=str(later.place or one.place or ""), reason=reason)
            raise WorkbookError("bad_mapping", message, Message("one_growth_campaign"))


def _entries(root: Block, problems: Problems) -> Iterator[_Entry]:
    """Yield the lines of every part of a mapping file; add to ``problems`` what is none."""
    from metricsheet.catalog.yaml.tree import Block

    for key in root:
        if key not in _KEYS:
            message = Message("unknown_key.mapping", found=key)
            problems.error(message, root.key_place(key), did_you_mean(key, _KEYS))
    if not any(section in root for section in (*_SECTIONS, "campaigns")):
        problems.error(Message("no_mapping"), root.place())
    for section, (example, _) in _SECTIONS.items():
        lines = root.get(section)
        if isinstance(lines, Block):
            yield from _lines(section, lines, problems)
        elif lines is not None:
            message = Message("no_mapping.lines", section=section, example=example)
            problems.error(message, root.place(section))


def _lines(section: str, lines: Block, problems: Problems, sheet: str = "") -> Iterator[_Entry]:
    """Yield the lines of one part; a block under ``read:`` holds for the sheet it names."""
    from metricsheet.catalog.yaml.tree import Block

    example, what = _SECTIONS[section]
    for key, value in lines.items():
        if section == "read" and isinstance(value, Block) and not sheet:
            yield from _lines(section, value, problems, f"'{key.replace(chr(39), chr(39) * 2)}'!")
        elif isinstance(value, str) or (section == "read" and type(value) is int):
            yield _Entry(section, sheet + key, str(value), str(lines.key_place(key)))
        else:
            message = Message(
                "not_a_place", what=what, example=example.split(": ")[1], key=key, found=repr(value)
            )
            problems.error(message, lines.place(key), Message("quote_text"))


def settings_for(catalog: Catalog, read: Mapping[str, str], where: str = "") -> ReadSettings:
    """Return the settings that ``read`` says; raise ``UsageError`` for what is none, or of no input."""
    everywhere = read_settings(read, where)
    for settings in (everywhere, *(read_settings(read, where, sheet) for sheet in sheets_of(read))):
        _check_settings(catalog, settings)
    return everywhere


def _check_settings(catalog: Catalog, settings: ReadSettings) -> None:
    for key in settings.scales:
        if key not in catalog.inputs:
            raise UsageError(Message("not_a.input", name=key), did_you_mean(key, catalog.inputs))
    if settings.kind and settings.kind not in catalog.tables:
        hint = did_you_mean(settings.kind, catalog.tables) or Message(
            "kinds_are", names=tuple(catalog.tables)
        )
        raise UsageError(Message("not_a.kind", name=settings.kind), hint)


def _check(catalog: Catalog, entry: _Entry) -> None:
    """Raise ``WorkbookError`` for a line that names nothing known."""
    try:
        if entry.section == "read":
            settings_for(catalog, {entry.key: entry.text}, "read:")
        elif entry.key not in catalog.inputs and entry.key not in catalog.metrics:
            hint = did_you_mean(entry.key, [*catalog.inputs, *catalog.metrics])
            raise UsageError(Message("not_a.input_or_metric", name=entry.key), hint)
        else:
            check_mapping(catalog, {entry.key: entry.text})
    except UsageError as error:
        raise WorkbookError(
            "bad_mapping", Message("at_place", place=entry.place, reason=error.message), error.hint
        ) from None
