"""Stand-ins for pywin32 and for the parts of Excel that xlwings touches, enough to run its Windows code.

``windows()`` makes ``import xlwings`` believe that it runs on Windows with pywin32, so that the real
``xlwings.udfs``, ``xlwings.com_server`` and conversion code load and run. Only the COM objects below are
fake: a range that hands out raw values as Excel does, and a workbook that takes a VBA module and function
descriptions. Leaving ``windows()`` takes every module that it brought out of ``sys.modules`` again.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MISSING_ARGUMENT = -2147352572  # what an optional argument that was left out looks like
_RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
_ERROR_SCODES = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}


def error_cell(code: str) -> int:
    """Return an error as a cell of a range holds it: VT_ERROR arrives in Python as a whole number."""
    return _ERROR_SCODES[code]


class ComError(Exception):
    """pywintypes.com_error."""

    def __init__(self, hresult: int = -2147352567, text: str = "Exception occurred.") -> None:
        super().__init__(hresult, text, None, None)
        self.hresult = hresult


class _Dispatch:
    """The raw interface pointer of a COM object; it only says which interface it is."""

    def __init__(self, iid: str) -> None:
        self._iid = iid

    def GetTypeInfo(self) -> _Dispatch:
        return self

    def GetTypeAttr(self) -> types.SimpleNamespace:
        return types.SimpleNamespace(iid=self._iid)

    def GetDocumentation(self, _member: int) -> tuple[str]:
        return ("Range",)


class FakeRange:
    """Excel's Range: ``Value`` is one value for one cell and a tuple of row tuples for more."""

    _oleobj_ = _Dispatch(_RANGE_IID)

    def __init__(self, rows: list[list[Any]], at: tuple[int, int] = (1, 1)) -> None:
        self._rows = tuple(tuple(row) for row in rows)
        application = types.SimpleNamespace(Hwnd=1, Version="16.0")
        book = types.SimpleNamespace(Name="Book1.xlsm", Application=application)
        self.Application = application
        self.Worksheet = types.SimpleNamespace(Name="Sheet1", Parent=book, Application=application)
        self.Row, self.Column = at
        self.Address = f"${chr(64 + self.Column)}${self.Row}"
        self.Rows = types.SimpleNamespace(Count=len(self._rows))
        self.Columns = types.SimpleNamespace(Count=len(self._rows[0]))
        self.Count = len(self._rows) * len(self._rows[0])

    @property
    def Value(self) -> Any:
        return self._rows[0][0] if self.Count == 1 else self._rows


class FakeWorkbook:
    """Excel's Workbook: keeps the VBA module that is imported and the descriptions that are set.

    An add-in is hidden, but not while somebody works on it.
    """

    def __init__(self, name: str = "Book1.xlsm") -> None:
        self.Name = name
        self.Worksheets: list[object] = []
        self.vba = ""
        self.descriptions: dict[str, dict[str, Any]] = {}
        self.IsAddin = False
        self.saved = 0
        self.VBProject = types.SimpleNamespace(VBComponents=_Components(self))
        self.Application = _Application(self)

    def Save(self) -> None:
        assert self.IsAddin, "an add-in that was left visible"
        self.saved += 1


class _Components:
    def __init__(self, workbook: FakeWorkbook) -> None:
        self._workbook = workbook

    def __call__(self, name: str) -> object:
        raise ComError  # there is no module of that name yet

    def Remove(self, component: object) -> None:
        raise AssertionError("nothing to remove")

    def Import(self, path: str) -> None:
        self._workbook.vba = Path(path).read_text()


class _Application:
    Version, Hwnd = "16.0", 1

    def __init__(self, workbook: FakeWorkbook) -> None:
        self._workbook = workbook

    def MacroOptions(self, macro: str, **options: Any) -> None:
        if self._workbook.IsAddin:
            raise ComError  # "cannot edit a macro on a hidden workbook"
        self._workbook.descriptions[macro] = options


class _Wrapped:
    """A Python object as VBA holds it, between two calls of the COM server."""

    def __init__(self, wrapped: object) -> None:
        self.wrapped = wrapped


def _unwrap(value: object) -> object:
    if isinstance(value, _Wrapped):
        return value.wrapped
    raise ComError  # a number or an Excel object is no Python object


class _Anything:
    """A DLL of Windows: every function in it can be called and returns 0."""

    def __getattr__(self, name: str) -> _Anything:
        return _Anything()

    def __setattr__(self, name: str, value: object) -> None:
        """Take the declaration of a function's types and forget it."""

    def __call__(self, *arguments: object, **named: object) -> int:
        return 0


def _modules() -> dict[str, dict[str, Any]]:
    com_object = type("CDispatch", (), {})
    return {
        "pywintypes": {"com_error": ComError, "error": OSError, "TimeType": dt.datetime, "IID": str},
        "pythoncom": {
            "com_error": ComError,
            "ole_error": ComError,
            "CoInitialize": lambda: None,
            "CoUninitialize": lambda: None,
            "IID_IDispatch": "IDispatch",
            "IID_IEnumVARIANT": "IEnumVARIANT",
            "TypeIIDs": {"IDispatch": _Dispatch},
            "__file__": "pythoncom.dll",
        },
        "win32api": {},
        "win32con": {},
        "win32gui": {},
        "win32event": {},
        "win32process": {"GetWindowThreadProcessId": lambda _window: (0, 1)},
        "win32timezone": {"TimeZoneInfo": types.SimpleNamespace(utc=lambda: dt.UTC)},
        "win32com": {},
        "win32com.client": {
            "CDispatch": com_object,
            "CoClassBaseClass": type("CoClassBaseClass", (), {}),
            "DispatchBaseClass": type("DispatchBaseClass", (), {}),
            "Dispatch": lambda thing, **_: thing,
            "DispatchEx": lambda thing, **_: thing,
        },
        "win32com.server": {},
        "win32com.server.dispatcher": {},
        "win32com.server.policy": {"DefaultPolicy": object},
        "win32com.server.util": {"wrap": lambda thing, *_, **__: _Wrapped(thing), "unwrap": _unwrap},
    }


@contextlib.contextmanager
def windows() -> Iterator[types.ModuleType]:
    """Yield xlwings, imported as on Windows with pywin32; afterwards it is as if it had not been."""
    # These look at the platform when they are imported, and must see the true one.
    for name in ("asyncio", "concurrent.futures", "subprocess", "tempfile", "numpy", "pandas"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    before = dict(sys.modules)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("xlwings", "excel_addin")]:
        del sys.modules[name]
    _install()
    libraries = {name: getattr(ctypes, name, None) for name in ("windll", "oledll", "PyDLL")}
    ctypes.windll, ctypes.oledll = _Anything(), _Anything()  # type: ignore[attr-defined]
    ctypes.PyDLL = lambda *_, **__: _Anything()  # type: ignore[assignment,misc]
    platform, sys.platform = sys.platform, "win32"
    try:
        xlwings = importlib.import_module("xlwings")
    finally:
        sys.platform = platform
        for name, library in libraries.items():
            if library is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, library)
    try:
        yield xlwings
    finally:
        for name in set(sys.modules) - set(before):
            del sys.modules[name]
        sys.modules.update(before)


def _install() -> None:
    for name, content in _modules().items():
        module = types.ModuleType(name)
        module.__dict__.update(content)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
