"""A target of ``--map`` into the cells of one book, or the reason why it names none or several."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.binding.candidates import Found, Layout
from metricsheet.binding.headers import same_header
from metricsheet.binding.map_target import Target
from metricsheet.errors import did_you_mean
from metricsheet.files.addresses import parse_a1
from metricsheet.files.book import CellRange, Sheet
from metricsheet.language.message import Message, one_of
from metricsheet.records import record


@record
class NotFound:
    """Why a target could not be used: ``code`` is ``map_not_found`` or ``ambiguous``."""

    code: str
    message: Message
    hint: Message | None = None


def resolve(layout: Layout, target: Target) -> Found | NotFound:
    """Return the cells that ``target`` names in the book of ``layout``.

    Hidden sheets are looked at too. A text that is both a header and an address, or both a header and a
    defined name, is refused where the two are different cells.
    """
    if target.table:
        found = _table_column(layout, target)
        if found is not None:
            return found
    if target.sheet is not None:
        sheet = layout.sheet(target.sheet)
        if sheet is not None:
            return _on_sheet(layout, sheet, target)
        whole = _by_header(layout, target.text)
        if whole:
            return _only(whole, target)
        return _no_sheet(layout, target)
    return _anywhere(layout, target)


def _table_column(layout: Layout, target: Target) -> Found | NotFound | None:
    """Return the column of an Excel table; ``None`` when no table has that name, so it may be a header."""
    names = {name.casefold(): name for name in layout.book.tables}
    name = names.get(target.table.casefold())
    if name is None:
        if _by_header(layout, target.text):
            return None
        near = did_you_mean(target.table, layout.book.tables)
        return NotFound(
            "map_not_found",
            Message("no_table", name=target.table),
            near or _listed("has_tables", layout.book.tables),
        )
    region = layout.table_region(layout.book.tables[name])
    if region is None:
        return NotFound("map_not_found", Message("table_sheet_unreadable", name=name))
    columns = [i for i, header in enumerate(region.headers) if same_header(header, target.column)]
    exact = [i for i in columns if region.headers[i] == target.column] or columns
    if len(exact) == 1:
        return layout.column(region, exact[0], "map")
    near = did_you_mean(target.column, region.headers)
    if not exact:
        return NotFound(
            "map_not_found",
            Message("table_lacks_column", name=name, column=target.column),
            near or _listed("has_columns", region.headers),
        )
    return NotFound(
        "ambiguous",
        Message("table_column_twice", name=name, count=len(exact), column=target.column),
        Message("name_the_cells"),
    )


def _on_sheet(layout: Layout, sheet: Sheet, target: Target) -> Found | NotFound:
    headed = _with_header(layout, sheet, target.rest)
    place = parse_a1(target.rest, sheet.name)
    cells = layout.at(place, "map") if place is not None else None
    if headed and cells is not None and all(cells.place != found.place for found in headed):
        first = headed[0]
        return NotFound(
            "ambiguous",
            Message("header_and_address", text=target.text, found=str(first)),
            Message("write_either", text=first.target, other=_explicit(target.rest, sheet)),
        )
    if headed:
        return _only(headed, target)
    if cells is not None and place is not None:
        several = layout.columns_at(sheet, place, "map")
        return cells if len(several) < 2 else _only(several, target)
    if place is not None:
        return NotFound("map_not_found", Message("outside_cells", text=target.text))
    headers = [found.header for found in layout.headed_columns(sheet)]
    near = did_you_mean(target.rest, headers)
    return NotFound(
        "map_not_found",
        Message("sheet_lacks_header", sheet=sheet.name, header=target.rest),
        near or _listed("has_headers", headers),
    )


def _explicit(text: str, sheet: Sheet) -> str:
    from metricsheet.files.addresses import sheet_prefix

    return (
        f"{sheet_prefix(sheet.name)}{text}:{text}" if ":" not in text else f"{sheet_prefix(sheet.name)}{text}"
    )


def _anywhere(layout: Layout, target: Target) -> Found | NotFound:
    named = _by_name(layout, target.rest)
    headed = _by_header(layout, target.rest)
    if named is not None and headed and all(named.place != found.place for found in headed):
        return NotFound(
            "ambiguous",
            Message("name_and_header", text=target.text, found=str(headed[0])),
            Message("write_or_address", text=headed[0].target),
        )
    if headed:
        return _only(headed, target)
    if named is not None:
        return named
    place = parse_a1(target.rest)
    if place is not None:
        return _address_without_sheet(layout, target, place)
    headers = [found.header for sheet in layout.book.sheets for found in layout.headed_columns(sheet)]
    near = did_you_mean(target.rest, [*headers, *layout.book.names])
    return NotFound(
        "map_not_found",
        Message("no_header_or_name", name=target.rest),
        near or _listed("has_headers", headers),
    )


def _address_without_sheet(layout: Layout, target: Target, place: CellRange) -> Found | NotFound:
    sheets = layout.visible or layout.book.sheets
    if len(sheets) != 1:
        hint = Message("write_with_sheet", sheet=sheets[0].name, text=target.rest) if sheets else None
        return NotFound("ambiguous", Message("names_no_sheet", text=target.text, count=len(sheets)), hint)
    found = layout.at(CellRange(sheets[0].name, place.top, place.left, place.bottom, place.right), "map")
    if found is None:
        return NotFound("map_not_found", Message("outside_and_no_header", text=target.text))
    return found


def _by_name(layout: Layout, text: str) -> Found | None:
    names = {name.casefold(): place for name, place in layout.book.names.items()}
    place = names.get(text.casefold())
    return layout.at(place, "map") if place is not None else None


def _by_header(layout: Layout, text: str) -> list[Found]:
    """Return the columns of that header on visible sheets; where there are none, on hidden ones."""
    for hidden in (False, True):
        found = [f for s in layout.book.sheets if s.hidden is hidden for f in _with_header(layout, s, text)]
        if found:
            exact = [f for f in found if f.header.strip() == text]
            return exact or found
    return []


def _with_header(layout: Layout, sheet: Sheet, text: str) -> list[Found]:
    """Return the columns and labelled values of a sheet under a header, each place once."""
    found: dict[CellRange, Found] = {}
    for one in layout.headed_columns(sheet):
        if same_header(one.header, text):
            found.setdefault(one.place, one)
    exact = [one for one in found.values() if one.header.strip() == text]
    return exact or list(found.values())


def _only(found: list[Found], target: Target) -> Found | NotFound:
    if len(found) == 1:
        return found[0]
    shown = tuple(str(one) for one in found[:4])
    targets = one_of(list(dict.fromkeys(one.target for one in found[:4])))
    return NotFound(
        "ambiguous", Message("map_ambiguous", text=target.text, found=shown), Message("write", text=targets)
    )


def _no_sheet(layout: Layout, target: Target) -> NotFound:
    names = [sheet.name for sheet in layout.book.sheets if sheet.name]
    near = did_you_mean(target.sheet or "", names)
    if not names:
        return NotFound(
            "map_not_found",
            Message("no_sheet_one_table", sheet=target.sheet),
            Message("write", text=target.rest),
        )
    return NotFound(
        "map_not_found", Message("no_sheet", sheet=target.sheet), near or _listed("has_sheets", names)
    )


def _listed(key: str, names: Iterable[str]) -> Message | None:
    """Return a hint with the names there are."""
    listed = [name for name in names if name]
    return Message(key, names=(*listed[:8], *("…" for _ in listed[8:9]))) if listed else None
