"""A mapping file to edit: where every input was found, what was asked, and the columns that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from metricsheet.binding.bind import Whole
from metricsheet.binding.candidates import Found
from metricsheet.binding.map_lines import target_of
from metricsheet.catalog.definitions import in_language
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.dataset import Problem, UnusedColumn
from metricsheet.files.book import RawCell
from metricsheet.language.message import Message, Value, say
from metricsheet.reading.date_text import DATE_ORDERS
from metricsheet.reading.numerals_text import DECIMAL_MARKS
from metricsheet.reading.settings import SCALE_KEY
from metricsheet.values.dates import from_serial

FILE_START = "# metricsheet map "
"""How a mapping file begins that this wrote, in every language: the command that makes it."""

_LOOKED_AT, _SHOWN, _WIDEST = 500, 4, 40

_Choices = tuple[str, tuple[str, ...]]


def mapping_text(
    whole: Whole, lines: Mapping[str, str], problems: Sequence[Problem], file: str, name: str, language: str
) -> str:
    """Return the text of a mapping file for the data file ``file``; beside it, it is looked for as ``name``.

    ``lines`` are the targets by input, ``problems`` what was told of the data. What is no line that holds is
    a comment: the mapping reader takes the file as it stands.
    """
    write = _Writer(whole, lines, problems, language)
    head = [
        _plain(f"{FILE_START}{quoted(file)} -o"),
        *write.comment(Message("map_file.edit"), ""),
        *write.comment(Message("map_file.beside", name=name, file=file), ""),
        "version: 1",
    ]
    parts = ["mapping:", *write.inputs(), "", "read:", *write.settings(), *write.campaigns()]
    return "\n".join([*head, *parts]) + "\n"


class _Writer:
    """Writes the parts of one mapping file."""

    def __init__(
        self, whole: Whole, lines: Mapping[str, str], problems: Sequence[Problem], language: str
    ) -> None:
        self.whole, self.lines, self.problems, self.language = whole, lines, problems, language
        self.dataset = whole.dataset

    def comment(self, said: Value, indent: str = "  ") -> Iterator[str]:
        """Yield a sentence as a comment of one line."""
        yield f"{indent}# {_plain(say(said, self.language))}"

    def inputs(self) -> Iterator[str]:
        """Yield what is under ``mapping:``, table by table, then what was refused."""
        places: dict[str, list[str]] = {}
        for key, item in self.dataset.inputs.items():
            places.setdefault(item.table or self.whole.choice.bound[key].place.sheet, []).append(key)
        unused: dict[str, list[UnusedColumn]] = {}
        for column in self.dataset.unused:
            unused.setdefault(column.table, []).append(column)
        for name in dict.fromkeys((*places, *unused)):
            yield ""
            table = self.dataset.tables.get(name)
            kind = table.taken_for if table is not None else None
            row = f": {kind.kind}, {in_language(kind.row, self.language)}" if kind is not None else ""
            yield from self.comment((self._short(kind.where) if kind is not None else name) + row)
            for key in places.get(name, ()):
                yield from self._bound(key)
            yield from self._unused(unused.get(name, ()))
        for key, reason in self.dataset.refused.items():
            asked = self.whole.choice.candidates.get(key, ())
            if asked or reason.code != "not_bound" or reason.key == "not_bound.hidden":
                yield ""
                yield from self._told(key, hints=not asked) if self._of(key) else self.comment(reason)
                yield from self._proposed(key, asked)

    def _bound(self, key: str) -> Iterator[str]:
        yield from self._told(key)
        if key in self.lines:
            yield f"  {key}: {quoted(self.lines[key])}"
        else:
            where = self._short(self.dataset.inputs[key].where)
            yield from self.comment(Message("map_file.by_itself", input=key, where=where))

    def _told(self, key: str, *, hints: bool = True) -> Iterator[str]:
        """Yield what was said of one input alone, with what would decide it."""
        for problem in self._of(key):
            yield from self.comment(problem.message)
            if hints and problem.hint is not None:
                yield from self.comment(problem.hint)

    def _of(self, key: str) -> list[Problem]:
        return [p for p in self.problems if p.inputs == (key,) and not _choices(p, self.whole)]

    def _unused(self, columns: Iterable[UnusedColumn]) -> Iterator[str]:
        found = self._by_place() if columns else {}
        asked = self.whole.choice.candidates
        for one in columns:
            place = found[one.where]
            values = _seen(place.cells)
            what = "map_file.unused" if values else "map_file.unused_blank"
            where = self._short(one.where)
            yield from self.comment(Message(what, column=one.column, where=where, values=values))
            for guess in one.guesses or ("INPUT",):
                # what is asked below has its lines there
                if all(place.place != other.place for other in asked.get(guess, ())):
                    yield from self._proposed(guess, [place])

    def _by_place(self) -> dict[str, Found]:
        layout = self.whole.layout
        found = (one for sheet in layout.visible for one in layout.headed_columns(sheet))
        return {f"{layout.book.name}!{one.rows.region.where(one.column)}": one for one in found if one.rows}

    def _proposed(self, key: str, places: Iterable[Found]) -> Iterator[str]:
        """Yield the line of an input for each place that it may be."""
        for place in places:
            target = target_of(self.whole.layout, place)
            if target:
                yield f"  # {key}: {quoted(target)}"

    def settings(self) -> Iterator[str]:
        """Yield what is under ``read:``, and what would decide the open questions."""
        read = self.dataset.read
        yield from (f"  {quoted(key) if '!' in key else key}: {quoted(value)}" for key, value in read.items())
        asked: dict[_Choices, list[Message]] = {}
        for problem in self.problems:
            choices = _choices(problem, self.whole)
            if choices is not None and choices[0] not in read:
                asked.setdefault(choices, []).append(problem.message)
        for (key, values), messages in asked.items():
            for message in dict.fromkeys(messages):
                yield from self.comment(message)
            yield from (f"  # {key}: {quoted(value)}" for value in values)

    def campaigns(self) -> Iterator[str]:
        """Yield the campaigns that the mapping beside the file names already."""
        named = self.dataset.campaigns
        yield from ["", "campaigns:"] if named else []
        for one in named:
            label = ", ".join(f"{code}: {quoted(text)}" for code, text in one.label.items())
            start, end = (from_serial(day).date().isoformat() for day in (one.start, one.end))
            yield f"  {one.key}: {{label: {{{label}}}, start: {start}, end: {end}, kind: {one.kind}}}"

    def _short(self, where: str) -> str:
        return where.removeprefix(f"{self.dataset.source}!")


def _choices(problem: Problem, whole: Whole) -> _Choices | None:
    """Return the key of ``read:`` that decides a problem, with the values to choose from."""
    code, about = problem.code, problem.hint.values if problem.hint is not None else {}
    if code in ("maybe_total", "total_row"):
        return "totals", ("drop", "keep") if code == "maybe_total" else ("keep",)
    if code == "kind_open":
        kinds = [kind.key for reading in whole.choice.readings.values() for kind in reading.tied]
        return "kind", tuple(dict.fromkeys(kinds))
    if code == "which_scale" and "other" in about:
        return f"{SCALE_KEY}{about['input']}", (str(about["scale"]), str(about["other"]))
    if code == "which_direction":
        scale = about["scale"]
        return f"{SCALE_KEY}{about['input']}", (f"{scale}:low_is_easy", f"{scale}:high_is_easy")
    if code == "no_year":
        return "year", ("YYYY",)
    known = {"ambiguous_number": ("decimal", DECIMAL_MARKS), "ambiguous_date": ("dates", DATE_ORDERS)}
    return known.get(code)


def _seen(cells: Sequence[RawCell]) -> tuple[str, ...]:
    """Return the first different values of a column, as people know them."""
    filled = (cell for cell in cells[:_LOOKED_AT] if cell is not None and cell != "")
    return tuple(dict.fromkeys(map(_shown, filled)))[:_SHOWN]


def _shown(cell: RawCell) -> str:
    text = f"{cell:.15g}" if isinstance(cell, float) else str(cell).removesuffix(" 00:00:00")
    text = _plain(text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _plain(text: str) -> str:
    """Return a text as one line that YAML may have in a comment."""
    return "".join(c if c.isprintable() else "·" for c in " ".join(text.split()))
