"""The ready add-in for Excel: xlwings' file, our module in it, and what ``metricsheet doctor`` sees of it."""

from __future__ import annotations

import re
import sys
import types
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlwings
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from excel_addin.definitions import Definitions
from excel_addin.vba import MODULE, module_text
from excel_addin.worksheet import worksheet_functions
from excel_addin.xlam import FILE_NAME, VBA_MODULE, settings_of, write_xlam
from metricsheet.cli.main import main
from tests.excel_addin.conftest import TEST_METRICS
from tests.excel_addin.excel import Excel
from tests.stages import in_deep

THEIRS = Path(xlwings.__file__).with_name("quickstart_addin.xlam")
DEFINITIONS = Definitions(str(TEST_METRICS))
FILLED_IN = {
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/worksheets/sheet1.xml",
}
HELP = "xl/worksheets/sheet2.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / FILE_NAME
    write_xlam(path, DEFINITIONS, sys.executable)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def modules(path: Path) -> dict[str, str]:
    with ExcelFile(path) as book:
        assert book.validate() == []
        return {name: book.get_module(name) for name in book.module_names()}


def rows(sheet: bytes) -> list[list[str]]:
    found = []
    for row in ElementTree.fromstring(sheet).iter(f"{MAIN}row"):
        cells = {re.sub(r"\d", "", cell.get("r", "")): "".join(cell.itertext()) for cell in row}
        last = max(cells, key=lambda name: (len(name), name))
        width = next(i for i, name in enumerate(columns()) if name == last) + 1
        found.append([cells.get(name, "") for name, _ in zip(columns(), range(width), strict=False)])
    return found


def columns() -> Iterator[str]:
    letters = [chr(c) for c in range(65, 91)]
    yield from letters
    yield from (a + b for a in letters for b in letters)


def test_only_what_is_filled_in_differs_from_the_file_of_xlwings(addin: Path) -> None:
    theirs, ours = parts(THEIRS), parts(addin)
    assert set(ours) - set(theirs) == {HELP}
    assert {name for name in theirs if ours[name] != theirs[name]} == FILLED_IN | {"xl/vbaProject.bin"}
    for name in FILLED_IN:
        ElementTree.fromstring(ours[name])
    kept = ours["xl/workbook.xml"].replace(b"metricsheet.conf", b"_myaddin.conf")
    assert re.sub(rb'<sheet name="_IntelliSense_"[^>]*>', b"", kept) == theirs["xl/workbook.xml"]


def test_the_vba_is_that_of_xlwings_and_ours(addin: Path) -> None:
    theirs, ours = modules(THEIRS), modules(addin)
    text = ours.pop(VBA_MODULE)
    assert text.replace("\r\n", "\n") == module_text(worksheet_functions(DEFINITIONS))
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] != theirs[name]} == {"xlwings"}
    lines = zip(ours["xlwings"].splitlines(), theirs["xlwings"].splitlines(), strict=True)
    assert [one for one, other in lines if one != other] == [
        'Public Const PROJECT_NAME As String = "metricsheet"'
    ]


def test_no_name_of_ours_is_one_of_the_other_modules(addin: Path) -> None:
    public = re.compile(r"^(?:Public )?(?:Function|Sub) (\w+)", re.M | re.I)
    named = [{name.upper() for name in public.findall(text)} for text in modules(addin).values()]
    assert sum(map(len, named)) == len(set().union(*named))


def test_settings_are_filled_in(addin: Path) -> None:
    settings = settings_of(addin)
    assert settings["Interpreter_Win"] == sys.executable
    assert settings["UDF Modules"] == MODULE
    assert settings["PYTHONPATH"] == str(TEST_METRICS.parent)
    assert settings["metricsheet digest"] == DEFINITIONS.catalog().digest
    assert settings["metricsheet xlwings"] == metadata.version("xlwings")
    assert rows(parts(addin)["xl/worksheets/sheet1.xml"]) == [list(pair) for pair in settings.items()]


def test_help_stands_in_the_last_sheet(addin: Path) -> None:
    head, *described = rows(parts(addin)[HELP])
    assert head == ["FunctionInfo", "1.0"]
    functions = worksheet_functions(DEFINITIONS)
    assert [row[:3] for row in described] == [[f.name, f.description, ""] for f in functions]
    assert [row[3:] for row in described] == [
        [text for a in f.arguments for text in (a.name, a.help)] for f in functions
    ]
    book = ElementTree.fromstring(parts(addin)["xl/workbook.xml"])
    assert [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")] == [
        "metricsheet.conf",
        "_IntelliSense_",
    ]


SERVER = f"""
Public Function CallUDF(moduleName, functionName, arguments) As Variant
    If moduleName <> "{MODULE}" Then Err.Raise 1000, Description:="not the add-in"
    If functionName = "PROMOTERS" Then
        CallUDF = "#DIV/0!"
    Else
        CallUDF = functionName & " " & (UBound(arguments) - LBound(arguments) + 1)
    End If
End Function
"""
XLPY = "Public Function XLPy() As Object\n    Set XLPy = New Server\nEnd Function\n"


def test_every_wrapper_runs(addin: Path) -> None:
    excel = ExcelApplication()
    excel.add_workbook()
    excel.add_module(modules(addin)[VBA_MODULE], name=VBA_MODULE)
    excel.add_module(SERVER, name="Server", kind="class")
    excel.add_module(XLPY, name="Python")
    for function in worksheet_functions(DEFINITIONS):
        answer = excel.run(function.name, *(1 for a in function.arguments if not a.optional))
        if function.name == "PROMOTERS":
            assert str(answer) == "Error 2007"
        else:
            assert answer == f"{function.name} {len(function.arguments)}"


@in_deep
@pytest.mark.filterwarnings("ignore")  # of a library that nobody has touched for a while
def test_what_a_scanner_says_comes_from_the_modules_of_xlwings(addin: Path) -> None:
    from oletools.olevba import VBA_Parser, VBA_Scanner

    parser = VBA_Parser(str(addin))
    said = {
        name.partition(".")[0]: {(kind, word) for kind, word, _ in VBA_Scanner(code).scan()}
        for _, _, name, code in parser.extract_all_macros()
    }
    parser.close()
    assert {kind for found in said.values() for kind, _ in found}.isdisjoint({"AutoExec"})
    # XLPy.Call, and names long enough to look encoded
    assert said[VBA_MODULE] <= {("Suspicious", "Call"), ("Suspicious", "Base64 Strings")}
    assert ("Suspicious", "CreateObject") in said["xlwings"]


def test_a_hidden_add_in_is_described_and_saved(test_excel: Excel) -> None:
    described = test_excel.describe("metricsheet.xlam")
    assert described["'metricsheet.xlam'!PROMOTERS"]["Category"] == "metricsheet expand"


# ---------------------------------------------------------------- the commands


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where Excel loads add-ins from."""
    monkeypatch.setenv("APPDATA", str(tmp_path / "app data"))
    monkeypatch.setattr("xlwings.App", no_excel)
    return tmp_path / "app data" / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME


def no_excel(**_: object) -> None:
    raise OSError("there is no Excel")


INSTALL = ["addin", "install", "--metrics", str(TEST_METRICS), "--interpreter", sys.executable]


def test_install_doctor_uninstall(windows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "run: metricsheet addin install\n" in capsys.readouterr().out
    assert main(INSTALL) == 0
    said = capsys.readouterr().out
    assert str(windows) in said
    assert "DescribeMetricsheetFunctions" in said
    assert main(["doctor"]) == 0
    assert main(["addin", "uninstall"]) == 0
    assert not windows.exists()
    assert main(["addin", "uninstall"]) == 2


def test_excel_is_asked_to_describe(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described: list[str] = []
    workbook = types.SimpleNamespace(
        IsAddin=True,
        Name=FILE_NAME,
        Save=lambda: described.append("saved"),
        Application=types.SimpleNamespace(MacroOptions=lambda name, **_: described.append(name)),
    )

    class App:
        def __init__(self, **_: object) -> None:
            self.books = types.SimpleNamespace(open=lambda _: types.SimpleNamespace(api=workbook))

        def __enter__(self) -> App:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("xlwings.App", App)
    assert main([*INSTALL, "--metrics", str(TEST_METRICS)]) == 0
    assert f"'{FILE_NAME}'!PROMOTERS" in described
    assert described[-1] == "saved"
    assert workbook.IsAddin


OTHER_METRICS = TEST_METRICS.read_text(encoding="utf-8")


def other_interpreter(addin: Path, _: pytest.MonkeyPatch) -> None:
    data = parts(addin)
    with zipfile.ZipFile(addin, "w") as archive:
        for name, part in data.items():
            archive.writestr(name, part.replace(sys.executable.encode(), rb"C:\gone\python.exe"))


def upgraded_xlwings(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99.1" if name == "xlwings" else installed(name))


def downloaded(addin: Path, _: pytest.MonkeyPatch) -> None:
    addin.with_name(f"{addin.name}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")


def another_release(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("excel_addin.installation.__version__", "99.0")


def a_new_metric(addin: Path, _: pytest.MonkeyPatch) -> None:
    metrics = addin.with_name("metrics.yaml")
    metrics.write_text(OTHER_METRICS.replace("  promoters:", "  supporters:"), encoding="utf-8")


def broken_definitions(addin: Path, _: pytest.MonkeyPatch) -> None:
    addin.with_name("metrics.yaml").write_text("version: 1\nmetrics: {a: 1}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (upgraded_xlwings, "was built for xlwings .*, and 99.1 is installed"),
        (other_interpreter, "starts C:.gone.python.exe, which is not there"),
        (downloaded, "is marked as downloaded"),
        (another_release, "was built by metricsheet"),
        (a_new_metric, "has other functions"),
        (broken_definitions, "cannot be used"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_doctor_sees_what_is_wrong(
    spoil: object,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    addin, metrics = tmp_path / FILE_NAME, tmp_path / "metrics.yaml"
    metrics.write_text(OTHER_METRICS, encoding="utf-8")
    build = ["addin", "build", "--metrics", str(metrics), "-o", str(addin), "--interpreter", sys.executable]
    assert main(build) == 0
    assert main(["doctor", str(addin)]) == 0
    capsys.readouterr()
    assert callable(spoil)
    spoil(addin, monkeypatch)
    assert main(["doctor", str(addin)]) == 1
    shown = capsys.readouterr().out
    assert re.search(f"^fix  add-in +{said}", shown.replace(f"its definitions {metrics} ", ""), re.M), shown
    *_, command = shown.splitlines()
    assert command.startswith(("run: metricsheet addin build -o", "run: metricsheet check --metrics"))


def test_doctor_misses_xlwings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def not_installed(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", not_installed)
    assert main(["doctor"]) == 1
    assert "run: pip install xlwings" in capsys.readouterr().out


def test_a_changed_cutoff_needs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    addin, metrics = tmp_path / FILE_NAME, tmp_path / "metrics.yaml"
    metrics.write_text(OTHER_METRICS, encoding="utf-8")
    assert main(["addin", "build", "--metrics", str(metrics), "-o", str(addin)]) == 0
    assert OTHER_METRICS.count("below 0") > 0
    metrics.write_text(
        OTHER_METRICS.replace("below 0", "below 1").replace("at least 0", "at least 1"), "utf-8"
    )
    assert main(["doctor", str(addin)]) == 0
    assert "nothing is to be done" in capsys.readouterr().out


def test_doctor_of_an_extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extension = tmp_path / "metricsheet.oxt"
    command = ["addin", "build", "--for", "libreoffice", "-o", str(extension)]
    assert main([*command, "--metrics", str(TEST_METRICS)]) == 0
    assert main(["doctor", str(extension)]) == 1
    monkeypatch.setenv("METRICSHEET_METRICS", str(TEST_METRICS))
    assert main(["doctor", str(extension)]) == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["addin", "install"], {}, "Excel for Windows"),
        (["addin", "install", "--for", "libreoffice"], {}, "go with build"),
        (["addin", "build", "-o", "book.xlsx"], {}, "must end in .xlam"),
        (["doctor", "."], {}, ". does not exist"),
        (["doctor", "nowhere.xlam"], {}, "nowhere.xlam does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said(
    arguments: list[str],
    environment: Mapping[str, str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("APPDATA", raising=False)
    (tmp_path / "book.xlsx").write_text("precious")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_without_pyopenvba_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    assert main(["addin", "build", "-o", str(tmp_path / FILE_NAME)]) == 2
    assert "pip install 'metricsheet[addin]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
