"""The workbook of LAMBDA functions: how names are stored, what its sheet shows, what a second run changes."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from metricsheet import UsageError, WorkbookError
from metricsheet.api import load_catalog
from metricsheet.cli.main import main
from metricsheet.export.lambdas.book import into_book, new_book
from metricsheet.export.lambdas.functions import Exported, export, made_from
from metricsheet.export.lambdas.steps import MOST_SIGNS
from metricsheet.language.words import term
from metricsheet.report.xlsx.package import DefinedName, defined_names, with_names
from tests.report.test_graft import FOUR, parts, rich
from tests.stages import some

CATALOG = load_catalog()
METRICS = some(CATALOG.metrics, test=15)
EVERY = export(CATALOG, METRICS)
NURTURE = export(CATALOG, ["nurture"])
INIT = """version: 1
extends: builtin
metrics:
  nps:
    override: true
    min_sample: 100
"""


def fresh(exported: Exported = NURTURE) -> bytes:
    return of_nurture() if exported is NURTURE else new_book(CATALOG, exported, "en")[0]


@cache
def of_nurture() -> bytes:
    return new_book(CATALOG, NURTURE, "en")[0]


def test_every_metric_of_the_definitions_has_its_functions() -> None:
    assert EVERY.left_out == ()
    assert len(EVERY.functions) == 3 * len(METRICS)


def test_names_are_stored_as_excel_stores_them() -> None:
    ours = re.compile(r"_xl(?:pm|op)\.\w+")
    for function in EVERY.functions:
        text = re.sub(r'"(?:[^"]|"")*"', '""', function.body.stored)
        assert len(function.body.stored) <= MOST_SIGNS
        assert text.startswith("_xlfn.LAMBDA(")
        assert (
            function.body.stored.count("(") - function.body.stored.count(")") == 0
            or '"' in function.body.stored
        )
        # what is left without its prefix is an older function, an error or TRUE and FALSE
        rest = re.sub(r"#(?:VALUE!|NUM!|N/A|DIV/0!)", "", ours.sub("", text))
        words = set(re.findall(r"(?<![\w.])[A-Za-z_][\w.]*", rest))
        assert not {word for word in words if not word.startswith("_xlfn.") and not word.isupper()}
        newer = {
            "LET",
            "LAMBDA",
            "ISOMITTED",
            "UNIQUE",
            "TOCOL",
            "SEQUENCE",
            "UNICODE",
            "XMATCH",
            "IFNA",
            "SWITCH",
        }
        assert not words & newer
        # an argument is _xlop once, in the list, and _xlpm where it is used
        for name in function.body.optional:
            assert function.body.stored.count(f"_xlop.{name}") == 1


def test_no_formula_is_nested_deeper_than_excel_takes() -> None:
    for function in EVERY.functions:
        depth = deepest = 0
        for sign in re.sub(r'"(?:[^"]|"")*"', "", function.body.stored):
            depth += (sign == "(") - (sign == ")")
            deepest = max(deepest, depth)
        assert deepest <= 64, function.name


def test_comments_fit_and_say_what_they_were_made_from() -> None:
    for function in EVERY.functions:
        assert len(function.comment.encode("utf-16-le")) // 2 <= 255
        found = made_from(function.defined)
        assert found is not None
        assert found[1] == CATALOG.digest


def test_names_and_sheet_can_be_read_by_others() -> None:
    book = openpyxl.load_workbook(io.BytesIO(fresh()))
    assert book.sheetnames == [term("sheet.functions")]
    name = book.defined_names["L.OPEN_RATE" if "L.OPEN_RATE" in book.defined_names else "L.LEAD_OPEN_RATE"]
    assert name.comment.endswith(f"{CATALOG.digest})")
    assert "xl/metadata.xml" in parts(fresh())
    assert b' cm="1"' in parts(fresh())["xl/worksheets/sheet1.xml"]


def test_every_example_gives_what_stands_beside_it() -> None:
    pytest.importorskip("formulon", reason="the extra oracles has formulon")
    from tests.export.formulon_host import loaded

    exported = export(CATALOG, list(METRICS)[:2])
    count = len(exported.functions)
    book = loaded(fresh(exported))
    book.recalc()
    signs = [book.get_value(0, row, 5).to_python() for row in range(6, 20 + count)]
    assert signs.count("✓") == count
    assert "✗" not in signs
    assert book.get_value(0, 4, 0).to_python() == "L.METRICSHEET_CHECK: ok"
    assert book.get_value(0, 3, 0).to_python().startswith(f"{count} of {count}")


def test_a_workbook_gets_the_names_and_keeps_everything_else() -> None:
    book = rich()
    before = parts(book)
    content, changes = into_book(book, CATALOG, NURTURE, "en")
    after = parts(content)
    assert {name for name in before if after[name] != before[name]} <= FOUR
    assert len(changes.added) == len(NURTURE.names) == len(NURTURE.functions) + 1
    read = openpyxl.load_workbook(io.BytesIO(content))
    assert read.sheetnames == ["Data & more", "Second", term("sheet.functions")]
    assert {"mine", "L.CLICK_TO_OPEN"} <= set(read.defined_names)


def with_metadata(text: str) -> bytes:
    """Return a workbook whose metadata part holds ``text``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts(rich()).items():
            book.writestr(name, part)
        book.writestr("xl/metadata.xml", text)
    return file.getvalue()


OF_PICTURES = '<metadata><metadataTypes><metadataType name="XLRICHVALUE"/></metadataTypes></metadata>'
OF_BOTH = """<metadata><metadataTypes><metadataType name="XLRICHVALUE"/><metadataType name="XLDAPR"/>
</metadataTypes><cellMetadata count="2"><bk><rc t="1" v="0"/></bk><bk><rc t="2" v="0"/></bk></cellMetadata>
</metadata>"""


@pytest.mark.parametrize(("metadata", "mark"), [(OF_PICTURES, None), (OF_BOTH, b' cm="2"')])
def test_metadata_that_is_there_stays_and_is_used(metadata: str, mark: bytes | None) -> None:
    content, _ = into_book(with_metadata(metadata), CATALOG, export(CATALOG, ["nps"]), "en")
    after = parts(content)
    assert after["xl/metadata.xml"].decode() == metadata
    sheet = next(part for name, part in after.items() if name == "xl/worksheets/sheet3.xml")
    assert (mark in sheet) if mark else (b" cm=" not in sheet)


def test_a_second_run_changes_nothing_and_an_edit_changes_its_functions(tmp_path: Path) -> None:
    book, changes = into_book(fresh(), CATALOG, NURTURE, "en")
    assert book == fresh()
    assert len(changes.same) == len(NURTURE.names)
    (tmp_path / "metrics.yaml").write_text(INIT, encoding="utf-8")
    edited = load_catalog(tmp_path)
    of_nps = fresh(export(CATALOG, ["nps"]))
    # in another language the sheet keeps its name
    after, changes = into_book(of_nps, edited, export(edited, ["nps"]), "de")
    assert (changes.added, changes.changed) == ((), ("L.NPS_FLAG",))
    assert changes.same == ("L.NPS", "L.NPS_N", "L.METRICSHEET_CHECK")
    assert "<100" in defined_names(after)["L.NPS_FLAG"].text
    assert openpyxl.load_workbook(io.BytesIO(after)).sheetnames == [term("sheet.functions")]


def test_names_of_the_users_stay() -> None:
    mine = DefinedName("l.nps", "Survey!$A$1", "mine")
    book = with_names(
        rich(), [mine, DefinedName("L.OLD", "_xlfn.LAMBDA(1)", "Old (metricsheet 0.1, 00ff00ff00ff)")]
    )
    after, changes = into_book(book, CATALOG, export(CATALOG, ["nps"]), "en")
    assert changes.kept == ("l.nps",)
    assert changes.others == ("L.OLD",)
    assert defined_names(after)["L.NPS"] == mine
    # the label of a churn rate asks the function of its value for each of several months
    book = with_names(rich(), [DefinedName("L.CHURN_RATE", "Survey!$A$1", "")])
    after, _ = into_book(book, CATALOG, export(CATALOG, ["churn_rate", "nps"]), "en")
    assert {key for key in defined_names(after) if key.startswith("L.CHURN")} == {"L.CHURN_RATE"}
    assert "L.NPS_FLAG" in defined_names(after)


def changed(content: bytes, part: str, change: object) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, text in parts(content).items():
            book.writestr(name, change(text) if name == part else text)  # type: ignore[operator]
    return file.getvalue()


def signed() -> bytes:
    file = io.BytesIO(rich())
    with zipfile.ZipFile(file, "a") as book:
        book.writestr("_xmlsignatures/sig1.xml", "<x/>")
    return file.getvalue()


REFUSED = {
    "signed": (signed, "would break its signature"),
    "strict": (
        lambda: changed(
            rich(),
            "xl/workbook.xml",
            lambda t: t.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        ),
        "strict",
    ),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
    "damaged": (lambda: rich()[:-200], "damaged"),
    "no package": (lambda: b"a,b\n1,2\n", "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_added_to_is_refused_with_the_reason(name: str) -> None:
    make, said = REFUSED[name]
    with pytest.raises(WorkbookError, match=said):
        into_book(make(), CATALOG, NURTURE, "en")


@pytest.mark.parametrize("prefix", ["1", "a b", "Ü.", "-", "A" * 250])
def test_a_prefix_that_makes_no_name_is_refused(prefix: str) -> None:
    with pytest.raises(UsageError, match="not a valid name in Excel"):
        export(CATALOG, ["nps"], prefix)


def test_a_metric_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="nsp"):
        export(CATALOG, ["nsp"])


def test_a_formula_without_a_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(
        "version: 1\nextends: builtin\nmetrics:\n  spread_of_scores:\n    label: Spread\n    stage: nurture\n"
        "    kind: outcome\n    unit: ratio\n    better: lower\n    formula: CORREL(lead_score, reach)\n",
        encoding="utf-8",
    )
    exported = export(load_catalog(tmp_path), ["spread_of_scores", "nps"])
    assert [metric.key for metric, _ in exported.left_out] == ["spread_of_scores"]
    assert "CORREL" in str(exported.left_out[0][1])
    assert len(exported.functions) == 3


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, mine = tmp_path / "f.xlsx", tmp_path / "mine.xlsx"
    content = rich()
    mine.write_bytes(content)
    assert main(["export", "lambda", "-o", str(target), "--only", "nps"]) == 0
    assert "added: 4 (L.NPS, L.NPS_FLAG, L.NPS_N, L.METRICSHEET_CHECK)" in capsys.readouterr().out
    assert main(["export", "lambda", "-o", str(target), "--only", "nps"]) == 0
    assert "nothing changes" in capsys.readouterr().out
    assert main(["export", "lambda", "-o", str(target), "--only", "ces"]) == 0
    assert "not among these, left as they are: 3 (L.NPS," in capsys.readouterr().out
    assert main(["export", "lambda", "-o", str(mine), "--only", "nps"]) == 2
    assert f"--into {mine}" in capsys.readouterr().err
    assert mine.read_bytes() == content
    assert main(["export", "lambda", "--into", str(mine), "--only", "nps"]) == 0
    assert len(list(tmp_path.glob("mine.backup-*.xlsx"))) == 1
    assert main(["export", "lambda"]) == 2


def test_a_sheet_of_functions_is_no_data(tmp_path: Path) -> None:
    from metricsheet import evaluate

    path = tmp_path / "f.xlsx"
    path.write_bytes(into_book(rich(), CATALOG, NURTURE, "en")[0])
    card = evaluate(path)
    assert not [result for result in card.results if result.value is not None]
