"""Inputs tied to cells: what binding a workbook gives and what evaluating needs, with provenance.

A ``Dataset`` is one source (a workbook, a CSV file, a data frame, a call from Excel). Its inputs are columns
of raw cells; inputs with the same ``table`` share their rows, position by position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Literal

from metricsheet.language.message import Message
from metricsheet.language.option import Option
from metricsheet.records import field, record
from metricsheet.source import Place
from metricsheet.values import Cell

CampaignKind = Literal["growth", "season"]
CAMPAIGN_KINDS: tuple[CampaignKind, ...] = ("growth", "season")
FILE_COLUMN = "file"
"""The column of a pooled table that names the source of each row."""


@record
class BoundInput:
    """An input (or a metric given ready-made) tied to raw cells.

    ``where`` is the provenance shown to people (``Book.xlsx!Survey!C2:C501``). ``cells`` are in row order;
    dates are serial numbers; text is as read. ``table`` names the ``DataTable`` whose rows these are, or is
    ``None`` for a single cell or a loose range. ``first_cell`` is the address of ``cells[0]``
    (``Survey!C2``), so that a problem can name the cell. ``header`` is the header text it was found under;
    ``text_only`` says that the cells never had types (CSV). ``currencies`` is the currency in which the file
    gives amounts, ``""`` where it says none, or one for every cell. ``percent_rows`` are the cells that it
    shows as percents. ``read`` is how the cells are to be read where that is not as in the whole dataset;
    ``parts`` are those of the sources of a pool, each read by itself. A value that holds ``everywhere`` is
    that of every slice and period. ``worth`` is what one unit of the cells is worth: 1000 under
    ``Revenue (k$)``; an amount is that of ``per`` months: 12 under ``New ARR``. ``across`` is how many of the
    cells are beside one another in a row of the sheet.
    """

    key: str
    where: str
    cells: Sequence[Cell]
    table: str | None = None
    first_cell: str = ""
    header: str = ""
    text_only: bool = False
    currencies: str | Sequence[str] = ""
    percent_rows: Set[int] = frozenset()
    read: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    everywhere: bool = False
    worth: float = 1.0
    per: int = 1
    across: int = 1


@record
class Part:
    """What one source of a pool has of an input: its cells, or ``rows`` blank ones and the reason for that.

    ``rows`` is 0 where nobody knows what the source has.
    """

    source: str
    bound: BoundInput | None
    rows: int
    lacking: Message | None = None


@record
class SourceDates:
    """The dates that one source of a pool brings: raw cells, their header, and how they are to be read.

    ``lacking`` says why a source has none; its cells are blank.
    """

    source: str
    cells: Sequence[Cell]
    header: str
    read: Mapping[str, str]
    lacking: Message | None = None


@record
class OtherRow:
    """A row of a table that is, or may be, no row of data: its place among the rows, its address, its label.

    ``where`` is the address of the label (``Survey!A9``) or of the first filled cell.
    """

    row: int
    where: str
    label: str = ""

    def __str__(self) -> str:
        """Return the address and the label, as a message names the row."""
        return f"{self.where} '{self.label}'" if self.label else self.where


@record
class TakenFor:
    """The kind of a table: ``row`` says by language what one row is, ``because`` are the headers that told.

    ``where`` is the place of the table, with its headers. ``status`` are columns with the folded words of
    rows that do not count, ``ids`` those that name a row.
    """

    kind: str
    row: Mapping[str, str]
    where: str = ""
    because: tuple[str, ...] = ()
    status: tuple[tuple[str, frozenset[str]], ...] = ()
    ids: tuple[str, ...] = ()


@record
class DataTable:
    """The rows behind bound columns: every column by its header, for slicing and ``--where``.

    ``columns`` maps header text as written to raw cells, all of length ``rows``. ``dates`` is the column
    that orders rows in time (serial numbers, ISO months such as ``2024-03`` or date text), with
    ``dates_where`` its provenance and ``dates_header`` its header, in a pool ``dates_of`` those of each
    source; ``date_candidates`` names the headers when several could be meant, ``no_year`` asks for the year
    of months that have none.
    ``left_out`` are total rows and the like: blank where they are between others, and beyond ``rows`` where
    they end the table. ``unsure`` are rows that may be such: no figure is given over them. ``taken_for`` is
    the kind of table that it is, ``None`` where that is open. ``scenarios`` is the header of a column that
    says of each row whether it is what happened or a plan.
    """

    name: str
    rows: int
    columns: Mapping[str, Sequence[Cell]]
    dates: Sequence[Cell] | None = None
    dates_where: str = ""
    date_candidates: tuple[str, ...] = ()
    left_out: tuple[OtherRow, ...] = ()
    unsure: tuple[OtherRow, ...] = ()
    dates_header: str = ""
    taken_for: TakenFor | None = None
    dates_of: tuple[SourceDates, ...] = ()
    no_year: Message | None = None
    scenarios: str = ""


@record
class Problem:
    """Something about the data that a person must know; other metrics go on.

    ``code`` is stable: ``not_bound``, ``ambiguous``, ``not_this_input``, ``out_of_scale``,
    ``text_in_numbers``, ``unreadable``, … ``metrics`` names the metrics that it touches. ``fatal`` means that
    the source as a whole could not be read (exit code 3). ``option`` is what was asked and does not fit this
    source (``--by Regon``); an option that fits no source at all is an error of use (exit code 2).
    ``table`` names the table that it is about, where it is one.
    """

    source: str
    code: str
    message: Message
    hint: Message | None = None
    metrics: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    fatal: bool = False
    option: Option | None = None
    table: str = ""


@record
class UnusedColumn:
    """A column of a table that is no input: its header, and where its cells are.

    ``guesses`` are the inputs that it may be, best first.
    """

    table: str
    column: str
    where: str
    guesses: tuple[str, ...] = ()


@record
class Campaign:
    """A stretch of time, ``start`` to ``end`` (serial numbers of its first and last day).

    In a ``growth`` campaign costs rise on purpose; in a ``season`` figures are other than usual.
    """

    key: str
    label: Mapping[str, str]
    kind: CampaignKind
    start: float
    end: float
    place: Place | None = None


@record
class Dataset:
    """One source with its bound inputs.

    ``refused`` maps an input to the reason why it is not bound; ``unused`` are the columns beside the bound
    ones that nothing reads; ``read`` is how texts and answers are to be read, as ``read_settings`` takes it.
    ``campaigns`` are those that its mapping names, ``layout`` a name for what it shares with others.
    """

    source: str
    inputs: Mapping[str, BoundInput]
    tables: Mapping[str, DataTable] = field(default_factory=dict)
    refused: Mapping[str, Message] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    unused: tuple[UnusedColumn, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()
    layout: str = ""
