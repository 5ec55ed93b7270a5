"""The worksheet functions as a ready add-in of Excel: xlwings' own add-in file with our VBA module in it.

xlwings ships a workbook that can stand alone as an add-in: it holds the VBA that starts Python. What is put
into it here: our module, the settings that a person would type into a ribbon, and the help that Excel-DNA's
IntelliSense shows in cells. Everything else stays as xlwings wrote it.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from excel_addin.definitions import Definitions
from excel_addin.vba import MODULE, describe_functions, module_text
from excel_addin.worksheet import worksheet_functions
from excel_addin.worksheet_function import WorksheetFunction
from metricsheet._version import __version__
from metricsheet.catalog.find import BUILT_IN, METRICS_FILES, built_in_definitions, definition_files
from metricsheet.errors import UsageError
from metricsheet.language.message import Message
from metricsheet.patterns import late

FILE_NAME = "metricsheet.xlam"
PROJECT = "metricsheet"
"""What xlwings' VBA calls the settings by; it calls everybody's ``myaddin``."""

VBA_MODULE = "metricsheet_functions"
_TEMPLATE = "quickstart_addin.xlam"
_THEIR_PROJECT = 'PROJECT_NAME As String = "myaddin"'
_THEIR_SHEET = "_myaddin.conf"
_HELP_SHEET = "_IntelliSense_"
_DLL = late(r"xlwings64-([\w.]+)\.dll")
_SHEET_DATA = late(r"(?s)<sheetData>.*</sheetData>")
_DIMENSION = late(r'<dimension ref="[^"]*" ?/>')
_ROW = late(
    r"<row [^>]*><c [^>]*><is><t[^>]*>([^<]*)</t></is></c><c [^>]*><is><t[^>]*>([^<]*)</t></is></c></row>"
)
_SETTINGS_PART = "xl/worksheets/sheet1.xml"
_HELP_PART = "xl/worksheets/sheet2.xml"
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{rows}</worksheet>'
)
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_HELP_RELATION = (
    '<Relationship Id="rIdHelp" Target="worksheets/sheet2.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" />'
)


def write_xlam(target: Path, definitions: Definitions, interpreter: str | None) -> int:
    """Write the add-in with the functions of ``definitions``; return how many there are.

    ``interpreter`` is the Python that it starts, ``None`` for the one that Windows finds. Raises
    ``DefinitionError`` for broken definitions, ``UsageError`` where pyOpenVBA is missing or xlwings' file is
    not the one known.
    """
    functions = worksheet_functions(definitions)
    own = _own_metrics(definitions)
    if own is not None and own.name not in METRICS_FILES:
        raise UsageError(Message("addin_metrics_name", path=str(own)), Message("call_it_metrics"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_bytes(_their_file().read_bytes())
        version = _put_module(path, module_text(functions))
        settings = {
            "Interpreter_Win": interpreter or "",
            # definitions are looked for in the folders of Python's path
            "PYTHONPATH": str(own.parent) if own is not None else "",
            "UDF Modules": MODULE,
            "metricsheet version": __version__,
            "metricsheet definitions": str(own) if own is not None else BUILT_IN,
            "metricsheet digest": definitions.catalog().digest,
            "metricsheet functions": state_of(functions),
            "metricsheet xlwings": version,
        }
        _put_sheets(path, target, {key: value for key, value in settings.items() if value}, functions)
    return len(functions)


def settings_of(addin: Path) -> Mapping[str, str]:
    """Return what was filled in when an add-in was built, nothing of a file that is not one of ours."""
    try:
        with zipfile.ZipFile(addin) as archive:
            sheet = archive.read(_SETTINGS_PART).decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return {}
    return {unescape(key): unescape(value) for key, value in _ROW.findall(sheet)}


def state_of(functions: Iterable[WorksheetFunction]) -> str:
    """Return a digest of what an add-in holds of the functions: names, arguments and help, no cutoffs."""
    return sha256(json.dumps(_help_rows(functions)).encode()).hexdigest()[:12]


def startup_file() -> Path:
    """Return where Excel for Windows looks for add-ins as it starts; ``UsageError`` on other systems."""
    folder = os.environ.get("APPDATA")
    if not folder:
        raise UsageError(Message("excel_for_windows"), Message("addin_build_elsewhere"))
    return Path(folder) / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME


def describe_in_excel(addin: Path, definitions: Definitions) -> bool:
    """Let Excel put categories and help of the functions into an add-in; return whether it could be asked.

    Only Excel itself can: it keeps them in the file in a way that nobody has written down.
    """
    import xlwings

    try:
        with xlwings.App(visible=False, add_book=False) as app:
            describe_functions(app.books.open(str(addin)).api, definitions)
    except Exception:  # no Excel, a policy against starting it, another one that is busy: whatever COM says
        return False
    return True


def _their_file() -> Path:
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name(_TEMPLATE)


def _put_module(path: Path, text: str) -> str:
    """Put our VBA module into the file; return the version of xlwings that its own VBA asks for."""
    try:
        from pyopenvba import ExcelFile
    except ImportError:
        raise UsageError(Message("addin_needs_pyopenvba"), Message("addin_extra")) from None
    with ExcelFile(path) as book:
        theirs = book.get_module("xlwings")
        asked = _DLL.search(theirs)
        if asked is None or theirs.count(_THEIR_PROJECT) != 1:
            raise UsageError(Message("addin_file_unknown"), Message("addin_other_xlwings"))
        book.set_module("xlwings", theirs.replace(_THEIR_PROJECT, _THEIR_PROJECT.replace("myaddin", PROJECT)))
        book.vba_project().add_module(VBA_MODULE, text.replace("\n", "\r\n"))
        book.save()
    return asked[1]


def _own_metrics(definitions: Definitions) -> Path | None:
    """Return the metrics file, ``None`` for that of the package."""
    metrics = definition_files(definitions.path).metrics.resolve()
    return None if metrics == built_in_definitions().metrics.resolve() else metrics


def _put_sheets(
    path: Path, target: Path, settings: Mapping[str, str], functions: Sequence[WorksheetFunction]
) -> None:
    """Write the file with its settings sheet filled in and a sheet of help behind it, the very last one."""
    rows = _rows(settings.items())
    changed = {
        "xl/workbook.xml": (
            (f'name="{_THEIR_SHEET}"', f'name="{PROJECT}.conf"'),
            ("</sheets>", f'<sheet name="{_HELP_SHEET}" sheetId="1001" r:id="rIdHelp" /></sheets>'),
        ),
        "xl/_rels/workbook.xml.rels": (("</Relationships>", f"{_HELP_RELATION}</Relationships>"),),
        "[Content_Types].xml": (
            ("</Types>", f'<Override PartName="/{_HELP_PART}" ContentType="{_OFFICE}" /></Types>'),
        ),
    }
    with zipfile.ZipFile(path) as theirs, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as ours:
        for entry in theirs.infolist():
            data = theirs.read(entry)
            for old, new in changed.get(entry.filename, ()):
                if data.count(old.encode()) != 1:
                    raise UsageError(Message("addin_file_unknown"), Message("addin_other_xlwings"))
                data = data.replace(old.encode(), new.encode())
            if entry.filename == _SETTINGS_PART:
                text = _DIMENSION.sub("", data.decode())
                data = _SHEET_DATA.sub(lambda _: rows, text).encode()
            ours.writestr(entry, data)
        ours.writestr(_HELP_PART, _SHEET.format(rows=_rows(_help_rows(functions))))


def _help_rows(functions: Iterable[WorksheetFunction]) -> list[tuple[str, ...]]:
    """Return the rows that Excel-DNA's IntelliSense reads: name, help, topic, and the arguments."""
    described = (
        (f.name, f.description, "", *(text for a in f.arguments for text in (a.name, a.help)))
        for f in functions
    )
    return [("FunctionInfo", "1.0"), *described]


def _rows(rows: Iterable[Sequence[str]]) -> str:
    def cell(column: int, row: int, text: str) -> str:
        name = f"{_letters(column)}{row}"
        return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    written = (
        f'<row r="{number}">{"".join(cell(c, number, text) for c, text in enumerate(row) if text)}</row>'
        for number, row in enumerate(rows, 1)
    )
    return f"<sheetData>{''.join(written)}</sheetData>"


def _letters(column: int) -> str:
    return ("" if column < 26 else _letters(column // 26 - 1)) + chr(65 + column % 26)
