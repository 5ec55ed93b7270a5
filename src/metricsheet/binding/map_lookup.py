"""A target of ``--map`` into the cells of one book, or the reason why it names none or several."""

from __future__ import annotations

from metricsheet.binding.candidates import Found, Layout
from metricsheet.binding.headers import same_header
from metricsheet.binding.map_target import Target
from metricsheet.errors import did_you_mean
from metricsheet.files.addresses import parse_a1
from metricsheet.files.book import CellRange, Sheet
from metricsheet.records import record


@record
class NotFound:
    """Why a target could not be used: ``code`` is ``map_not_found`` or ``ambiguous``."""

    code: str
    message: str
    hint: str = ""


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
            f"there is no table {target.table!r}",
            near or _listed("tables", layout.book.tables),
        )
    region = layout.table_region(layout.book.tables[name])
    if region is None:
        return NotFound("map_not_found", f"the sheet of table {name} cannot be read")
    columns = [i for i, header in enumerate(region.headers) if same_header(header, target.column)]
    exact = [i for i in columns if region.headers[i] == target.column] or columns
    if len(exact) == 1:
        return layout.column(region, exact[0], "map")
    near = did_you_mean(target.column, region.headers)
    if not exact:
        return NotFound(
            "map_not_found",
            f"table {name} has no column {target.column!r}",
            near or _listed("columns", region.headers),
        )
    return NotFound(
        "ambiguous",
        f"table {name} has {len(exact)} columns {target.column!r}",
        "name the cells, such as Sheet!C5:C900",
    )


def _on_sheet(layout: Layout, sheet: Sheet, target: Target) -> Found | NotFound:
    headed = _with_header(layout, sheet, target.rest)
    place = parse_a1(target.rest, sheet.name)
    cells = layout.at(place, "map") if place is not None else None
    if headed and cells is not None and all(cells.place != found.place for found in headed):
        first = headed[0]
        return NotFound(
            "ambiguous",
            f"{target.text} is the header of {first} and the address of other cells",
            f"write {first.target} or {_explicit(target.rest, sheet)}",
        )
    if headed:
        return _only(headed, target)
    if cells is not None and place is not None:
        several = layout.columns_at(sheet, place, "map")
        return cells if len(several) < 2 else _only(several, target)
    if place is not None:
        return NotFound("map_not_found", f"{target.text} lies outside the cells of the sheet")
    headers = [found.header for found in layout.headed_columns(sheet)]
    near = did_you_mean(target.rest, headers)
    return NotFound(
        "map_not_found",
        f"sheet {sheet.name!r} has no header {target.rest!r}",
        near or _listed("headers", headers),
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
            f"{target.text} is a defined name and the header of {headed[0]}",
            f"write {headed[0].target} or the address of the name",
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
        "map_not_found", f"there is no header or name {target.rest!r}", near or _listed("headers", headers)
    )


def _address_without_sheet(layout: Layout, target: Target, place: CellRange) -> Found | NotFound:
    sheets = layout.visible or layout.book.sheets
    if len(sheets) != 1:
        hint = f"write {sheets[0].name}!{target.rest} or another sheet" if sheets else ""
        return NotFound("ambiguous", f"{target.text} names no sheet and the book has {len(sheets)}", hint)
    found = layout.at(CellRange(sheets[0].name, place.top, place.left, place.bottom, place.right), "map")
    if found is None:
        return NotFound(
            "map_not_found", f"{target.text} lies outside the cells of the sheet, and is no header"
        )
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
    shown = ", ".join(str(one) for one in found[:4])
    targets = " or ".join(dict.fromkeys(one.target for one in found[:4]))
    return NotFound("ambiguous", f"{target.text} may be {shown}", f"write {targets}")


def _no_sheet(layout: Layout, target: Target) -> NotFound:
    names = [sheet.name for sheet in layout.book.sheets if sheet.name]
    near = did_you_mean(target.sheet or "", names)
    if not names:
        return NotFound(
            "map_not_found",
            f"the file has no sheet {target.sheet!r}: it is one table",
            f"write {target.rest}",
        )
    return NotFound("map_not_found", f"there is no sheet {target.sheet!r}", near or _listed("sheets", names))


def _listed(what: str, names: object) -> str:
    listed = [str(name) for name in names if name]  # type: ignore[attr-defined]
    more = ", …" if len(listed) > 8 else ""
    return f"{what}: {', '.join(listed[:8])}{more}" if listed else ""
