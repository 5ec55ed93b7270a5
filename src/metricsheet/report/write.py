"""A report to a file, a folder or a stream; files appear whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import UsageError, WorkbookError, did_you_mean
from metricsheet.files.find import refuse_by_name
from metricsheet.files.read import bytes_of
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import replace
from metricsheet.report.atomic import whole_file
from metricsheet.report.formats import FORMATS, Format
from metricsheet.report.scorecard import Scorecard, by_source, in_memory, sources_of
from metricsheet.report.style import LEDGER_PARTS, PARTS, PLAIN, TextStyle, stream_width

_SUFFIXES = {form.suffix: form for form in FORMATS.values()}
SHEET = "metricsheet"
"""The name of our sheet in somebody's workbook."""
_RESERVED = late(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def report_format(asked: str | None, target: Path | None) -> Format:
    """Return the form of a report: the one asked for, else what the target's ending says, else text.

    Raises ``UsageError`` for an unknown form, for an unknown ending where no form is asked, where form and
    ending contradict each other, and for a form that is no text without a target.
    """
    if asked is not None and asked not in FORMATS:
        raise UsageError(
            Message("not_a_format", format=asked), Message("choose_format", formats=tuple(FORMATS))
        )
    suffix = target.suffix.lower() if target is not None and not os.path.isdir(target) else ""
    by_suffix = _SUFFIXES.get(suffix)
    if asked is None:
        if suffix and by_suffix is None:
            hint = Message("endings_are", endings=tuple(_SUFFIXES))
            raise UsageError(Message("no_format_for", suffix=suffix, path=str(target)), hint)
        return by_suffix or next(iter(FORMATS.values()))
    form = FORMATS[asked]
    if form.binary and target is None:
        raise UsageError(Message("needs_a_file", format=asked, suffix=form.suffix))
    if by_suffix not in (None, form):
        raise UsageError(
            Message("format_and_ending", path=str(target), by_ending=by_suffix.name, format=asked),
            Message("name_it", suffix=form.suffix),
        )
    return form


def parts_shown(asked: Sequence[str], form: Format) -> tuple[str, ...]:
    """Return the parts of a report asked for; raise ``UsageError`` for one that there is not.

    Of a form whose parts are tables (CSV), one is chosen, or those of ledgers, each a file.
    """
    parts = tuple(form.tables) or PARTS
    for part in asked:
        if part not in PARTS:
            raise UsageError(
                Message("not_a_part", part=part),
                did_you_mean(part, PARTS) or Message("parts_are", parts=PARTS),
            )
        if form.tables and (part not in form.tables or (len(asked) > 1 and part not in LEDGER_PARTS)):
            raise UsageError(Message("one_table", parts=parts))
    return tuple(dict.fromkeys(asked))


def write_report(
    scorecard: Scorecard,
    catalog: Catalog | None,
    format: str,  # noqa: A002
    target: Path | None,
    stream: TextIO,
    style: TextStyle = PLAIN,
    *,
    inputs: Sequence[Path] = (),
) -> tuple[Path, ...]:
    """Write a report and return the files made.

    Without a ``target`` it goes to ``stream``, text in its encoding; files are UTF-8 and without colour. A
    ``target`` that is a folder (or has no ending) gets one file per source, named
    ``<source>.scorecard.<ending>``; otherwise one file holds everything. CSV makes three files: the results,
    ``….findings.csv`` and ``….problems.csv``. Raises ``UsageError`` rather than write over an input or the
    definitions, and ``WorkbookError`` when the file system refuses.
    """
    form = report_format(format, target)
    if target is None:
        if form.tables and len(style.show) > 1:
            raise UsageError(Message("one_table", parts=tuple(form.tables)))
        _to_stream(form, scorecard, catalog, stream, style)
        return ()
    cards = [
        (_part(path, part), part, card)
        for path, card in _targets(scorecard, form.suffix, target)
        for part in (("", *style.show[1:]) if style.show and form.tables else ("", *form.parts))
    ]
    plan = tuple(path for path, _, _ in cards)
    sources = {*sources_of(scorecard), *(p.source for p in scorecard.problems)}
    _refuse_inputs(plan, sources, [*inputs, Path(scorecard.definitions_path)], catalog)
    plain = replace(style, colour=False, encoding="utf-8")
    for path, part, card in cards:
        report = in_memory(card) if is_folder(target) else card
        pieces = form.render_pieces(report, catalog, replace(plain, target=path), part)
        with whole_file(path) as temporary, temporary.open("wb") as file:
            file.write(form.file_start.encode("utf-8"))
            for piece in pieces:
                file.write(_bytes(piece))
    return plan


def holds_little(form: Format, target: Path | None, shown: Sequence[str]) -> bool:
    """Return whether a report goes through results and findings source by source and holds none of them."""
    return is_folder(target) or form.holds_little(shown)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def write_each(
    scorecards: Iterable[Scorecard],
    catalog: Catalog,
    form: Format,
    target: Path | None,
    stream: TextIO,
    *,
    inputs: Sequence[Path] = (),
) -> None:
    """Write the reports of scorecards one after the other, as they come, into one file or to ``stream``.

    Nothing is held but the last of them. The file appears when all are written. Raises what ``write_report``
    raises.
    """
    if target is None:
        for card in scorecards:
            _to_stream(form, card, catalog, stream, PLAIN)
        return
    _refuse_inputs([target], (), inputs, catalog)
    with whole_file(target) as temporary, temporary.open("wb") as file:
        for card in scorecards:
            content = form.render(card, catalog, PLAIN)
            file.write(_bytes(content))


def is_folder(target: Path | None) -> bool:
    """Return whether a report to ``target`` is a file for each source."""
    return target is not None and (os.path.isdir(target) or not (target.suffix or os.path.exists(target)))


def write_into(
    scorecard: Scorecard,
    catalog: Catalog | None,
    book: Path,
    target: Path | None,
    stamp: str,
    more: Callable[[bytes], bytes] | None = None,
) -> tuple[Path, ...]:
    """Write a copy of an xlsx workbook with the overview as its sheet ``SHEET``; return what was made.

    Every other sheet stays as it is to the byte; a sheet of ours that is there is replaced. ``more`` is done
    to the copy as well. Raises what ``write_changed`` raises, and ``WorkbookError`` for a workbook that
    cannot be changed in part.
    """
    from metricsheet.report.xlsx.graft import graft
    from metricsheet.report.xlsx.workbook import overview_sheet

    def change(content: bytes) -> bytes:
        made, printed = overview_sheet(scorecard, catalog, scorecard.language, SHEET)
        whole = graft(content, made, SHEET, printed)
        return whole if more is None else more(whole)

    try:
        return write_changed(book, target, stamp, catalog, change)
    except WorkbookError as error:
        own = Message("write_its_own_file") if error.code == "not_grafted" else error.hint
        raise WorkbookError(error.code, error.message, own) from error


def write_changed(
    book: Path, target: Path | None, stamp: str, catalog: Catalog | None, change: Callable[[bytes], bytes]
) -> tuple[Path, ...]:
    """Write what ``change`` makes of the bytes of an xlsx workbook; return what was made.

    Without a ``target`` it takes the place of ``book``, which is kept beside it, ``stamp`` in its name;
    nothing is made where nothing changes. Raises ``UsageError`` for a file that is no xlsx or xlsm and a
    target that would be written over, and ``WorkbookError`` when the file system refuses.
    """
    suffix = book.suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise UsageError(Message("into_xlsx_only", path=str(book)))
    if target is not None and target.suffix.lower() != suffix:
        raise UsageError(Message("into_same_ending", path=str(target), suffix=suffix))
    if target is not None:
        _refuse_inputs((target,), (), (book,), catalog)
    refuse_by_name(book)
    content = bytes_of(book)
    try:
        whole = change(content)
    except WorkbookError as error:
        told = Message("of_source", source=book.name, reason=error.message)
        raise WorkbookError(error.code, told, error.hint) from error
    written = []
    if target is None and whole == content:
        return ()
    if target is None:
        kept = book.with_name(f"{book.stem}.backup-{stamp}{book.suffix}")
        with whole_file(kept) as temporary:
            temporary.write_bytes(content)
        written.append(kept)
    with whole_file(target or book) as temporary:
        temporary.write_bytes(whole)
    return (target or book, *written)


def _part(path: Path, part: str) -> Path:
    """Return the path of a further file of the report at ``path``, itself for the first."""
    return path.with_name(f"{path.name.removesuffix(path.suffix)}.{part}{path.suffix}") if part else path


def _to_stream(
    form: Format, scorecard: Scorecard, catalog: Catalog | None, stream: TextIO, style: TextStyle
) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    width = stream_width(stream) if style.width is None else style.width
    raw: Any = getattr(stream, "buffer", None)
    pieces: Any = form.render_pieces(scorecard, catalog, replace(style, encoding=encoding, width=width))
    if form.terminal or raw is None:
        stream.writelines(pieces)
        return
    # programs read these: always UTF-8, line breaks as they are
    stream.flush()
    raw.writelines(map(_bytes, pieces))
    raw.flush()


def _targets(scorecard: Scorecard, suffix: str, target: Path) -> Iterator[tuple[Path, Scorecard]]:
    """Yield each file to write with what goes into it."""
    if not is_folder(target):
        yield target, scorecard
        return
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        told = Message("cannot_make_folder", path=str(target), reason=reason)
        raise WorkbookError("not_written", told) from error
    taken: set[str] = set()
    for source, card in by_source(scorecard).items():
        name = stem = file_name(source)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number})"
        taken.add(name.casefold())
        yield target / f"{name}.scorecard{suffix}", card


def file_name(source: str) -> str:
    """Return a source's name as a file name without ending that every system takes."""
    stem = re.split(r"[/\\]", source)[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)
    stem = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", stem).strip(" .")[:80]
    return f"_{stem}" if not stem or _RESERVED.fullmatch(stem) else stem


def _refuse_inputs(
    plan: Sequence[Path], sources: Iterable[str], inputs: Sequence[Path], catalog: Catalog | None
) -> None:
    """Raise ``UsageError`` where a file to write is one that was read, or no report by its name."""
    read = [*inputs, *map(Path, sources)]
    if catalog is not None:
        read.append(Path(catalog.path))
    files = {_real(path) for path in read}
    names = {re.split(r"[/\\]", source)[-1] for source in sources}
    folders = [_real(path) for path in inputs if os.path.isdir(path)]
    for path in plan:
        real = _real(path)
        if not os.path.exists(real):
            continue
        if os.path.isfile(real):
            _refuse_others(path, Path(real))
        below = any(real.startswith(folder + os.sep) for folder in folders)
        if real in files or (below and path.name in names):
            raise UsageError(Message("read_as_input", path=str(path)), Message("choose_another_name"))


def _refuse_others(path: Path, real: Path) -> None:
    """Raise ``UsageError`` where an existing file is none of ours: by its name, or by how it begins."""
    form = _SUFFIXES.get(real.suffix.lower())
    if form is None:
        raise UsageError(
            Message("not_like_a_report", path=str(path)),
            Message("name_the_report", suffixes=tuple(_SUFFIXES)),
        )
    if form.handwritten:
        start = form.file_start.encode("utf-8")
        with real.open("rb") as file:
            ours = file.read(len(start)) in (start, b"")
        if not ours:
            raise UsageError(Message("no_report", path=str(path)), Message("choose_another_name"))


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))
