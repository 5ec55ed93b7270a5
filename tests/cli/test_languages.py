"""``--lang`` on the command line: every command speaks the language, and its keys stay."""

from __future__ import annotations

import argparse
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from metricsheet.cli import export_command
from metricsheet.cli.export_command import FORMS
from metricsheet.cli.main import COMMANDS, main
from metricsheet.language import LANGUAGES
from metricsheet.language.words import help_texts, labelled, term
from metricsheet.report.columns import width
from tests import command_line
from tests.command_line import DEMO, SHIPPED
from tests.language import test_every_language
from tests.language.test_every_language import TYPED
from tests.stages import some

# what is the same in every language: keys, options, codes, names of files and cells, formulas, words of YAML
KEYS = re.compile(
    r"""[a-z]+(_[a-z0-9]+)+ | --show\ [a-z]+ | --[a-z]+
     | \S+\.(xlsx|yaml)\S* | \S+![A-Z]+\d+\S* | "[^"]*" """,
    re.VERBOSE,
)
# English words that no report in another language should hold, as they are not borrowed in any
ENGLISH = re.compile(
    r"\b(the|and|with|not|from|is|are|of|before|since|first|missing|needs?|value|columns?)\b"
)


def said(*command: str) -> str:
    return command_line.said(*command, *SHIPPED)


OPTIONS = [
    (),
    ("--by", "Segment", "--period", "quarter"),
    ("--by", "Touchpoint"),
    ("--set", "company_stage=new", "--set", "is_growth_campaign=yes", "--period", "month"),
]


@pytest.mark.parametrize(
    ("language", "options"),
    some(product([code for code in LANGUAGES if code != "en"], OPTIONS), test=2),
    ids=str,
)
def test_the_report_holds_no_english(language: str, options: tuple[str, ...]) -> None:
    text = said("evaluate", DEMO, "--lang", language, *options)
    text += said("evaluate", DEMO, "--lang", language, *options, "--show", "findings,rules")
    for line in text.split("\n"):
        # column headers in quotation marks and parts of conditions are as they were written
        bare = KEYS.sub("", re.sub(r"^\s*[✓✖–?] .*?: ", "", line.replace("Marketing, Subscriptions", "")))
        assert not ENGLISH.search(bare), line


@pytest.mark.parametrize("language", some(LANGUAGES, test=1))
def test_keys_numbers_and_outcomes_are_the_same(language: str) -> None:
    import json

    def card(code: str) -> dict[str, object]:
        text = said("evaluate", DEMO, "--period", "quarter", "--lang", code, "--format", "json")
        found = json.loads(text)
        return {
            "results": [
                (r["metric"], r["period"], r["value"], r["status"], r["reason"]) for r in found["results"]
            ],
            "findings": [(f["rule"], f["outcome"], f["since"], f["missing"]) for f in found["findings"]],
            "problems": found["problems"],
        }

    assert card(language) == card("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["metrics", "inputs", "rules", "benchmarks"])
def test_list_speaks_the_language(language: str, what: str) -> None:
    text, english = said("list", what, "--lang", language), said("list", what)
    rows, before = text.split("\n"), english.split("\n")
    assert len(rows) == len(before)
    if language != "en":
        assert rows[2] != before[2]
        assert rows[4] != before[4]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["upsell_share", "recommend_score", "acquisition_outpaces_value"])
def test_explain_speaks_the_language(language: str, name: str) -> None:
    text = said("explain", name, "--lang", language)
    english = said("explain", name)
    assert text.startswith(labelled(name, "", language))
    assert len(text.split("\n")) >= 8
    if language != "en":
        assert text != english
        assert {line.split("  ")[1] for line in text.split("\n")[1:] if line[2:3].strip()}.isdisjoint(
            {"reads", "written at", "when", "finding", "do first"}
        )


@pytest.mark.parametrize("language", some(LANGUAGES, test=1))
def test_the_workbook_speaks_the_language(tmp_path: Path, language: str) -> None:
    path = tmp_path / "card.xlsx"
    said(
        "evaluate",
        DEMO,
        "--by",
        "Segment",
        "--period",
        "quarter",
        "--lang",
        language,
        "-o",
        str(path),
    )
    with zipfile.ZipFile(path) as archive:
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    texts = {"".join(node.itertext()) for node in shared}
    wanted = {
        "en": "No target set",
        "ja": "目標未設定",
        "tr": "Hedef tanımlı değil",
        "it": "Nessun obiettivo definito",
        "de": "Kein Ziel definiert",
        "fr": "Aucun objectif défini",
    }
    assert term("finding", language) in texts
    for code, word in wanted.items():
        assert any(word in text for text in texts) == (code == language)


BAD = command_line.ROOT / "tests" / "catalog" / "bad"
MISTAKES = [
    ("evaluate", DEMO, "--map", "foo=bar"),
    ("evaluate", DEMO, "--map", "nps=Nothing"),
    ("evaluate", DEMO, "--map", "nps"),
    ("evaluate", DEMO, "--map", "revenue=Revenu!C"),
    ("evaluate", DEMO, "--map", "revenue=Survey!ZZ9"),
    ("evaluate", DEMO, "--map", "a=b", "--map", "a=c"),
    ("evaluate", DEMO, "--by", "Regon"),
    ("evaluate", DEMO, "--where", "Region = "),
    ("evaluate", DEMO, "--where", "Regon = 3"),
    ("evaluate", DEMO, "--only", "npss"),
    ("evaluate", DEMO, "--require", "npss"),
    ("evaluate", DEMO, "--set", "company_stage=old"),
    ("evaluate", DEMO, "--set", "nothing=1"),
    ("evaluate", DEMO, "--read", "dates=xyz"),
    ("evaluate", DEMO, "--read", "datess=dmy"),
    ("evaluate", DEMO, "--from", "yesterday"),
    ("evaluate", DEMO, "--limit", "slices=none"),
    ("evaluate", DEMO, "--show", "everything"),
    ("evaluate", DEMO, "--fail-on", "bad"),
    ("evaluate", DEMO, "--format", "xlsx"),
    ("evaluate", DEMO, "--format", "pdf"),
    ("evaluate", DEMO, "--jobs", "many"),
    ("evaluate", DEMO, "--partial=x"),
    ("evaluate", DEMO, "--langs"),
    ("evaluate", DEMO, "--map"),
    ("evaluate",),
    ("evaluat",),
    ("list", "metrics", "inputs"),
    ("list", "frob"),
    ("explain", "npss"),
    ("evaluate", "nowhere.xlsx"),
    ("evaluate", str(command_line.ROOT / "LICENSE")),
    ("evaluate", DEMO, "--metrics", str(BAD / "shape.yaml")),
    *(("check", "--metrics", str(path)) for path in sorted(BAD.glob("*")) if path.suffix != ".txt"),
]
# a line of a file under a message, and the message's place and code
QUOTED = re.compile(r"(?m)^ *[0-9]* \|.*$|^\S+:\d+:\d+: \w+\[\w+\]:|error\[\w+\]|metricsheet \w+:")


@pytest.mark.parametrize(
    ("command", "language"),
    some(product(MISTAKES, LANGUAGES[1:]), test=35),
    ids=lambda one: "".join(one)[-40:],
)
def test_mistakes_are_answered_in_the_language(
    command: tuple[str, ...], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--lang", language]) in (1, 2, 3)
    out, err = capsys.readouterr()
    holds_no_english(out if command[0] == "check" else err)


def holds_no_english(text: str) -> None:
    told = QUOTED.sub("", text)
    assert told.strip()
    assert "hint:" not in told
    found = [line for line in told.splitlines() if test_every_language.ENGLISH.search(TYPED.sub("", line))]
    assert found == []


FILES = {
    "empty.csv": "",
    "page.xlsx": "<html><body>no workbook</body></html>",
    "cut.xlsx": "PK\x03\x04 cut off",
    "quote.csv": 'Score,Comment\n9,"open\n8,x\n',
    "ragged.csv": "Month,Revenue\n2024-01,1,200\n2024-02,1,300\n",
    "text.csv": "Revenue,Customers\nabc,10\nabd,12\n",
    "marks.csv": 'Revenue,Customers\n"1.234,50",10\n"1,234.50",12\n',
    "thousand.csv": 'Revenue,Customers\n"1,234",10\n"2,345",12\n',
    "currencies.csv": "Revenue,Customers\n€ 100,10\n$ 200,12\n",
    "days.csv": "Survey date,NPS score\n03/04/2024,9\n05/06/2024,8\n",
    "no_day.csv": "Survey date,NPS score\n31/02/2024,9\n05/13/2024,8\n",
    "scale.csv": "NPS score\n" + "1\n2\n3\n4\n5\n" * 12,
    "off_scale.csv": "NPS score\n" + "9\n8\n11\n10\n" * 12,
    "flags.csv": "Customer ID,Churned\na,1\nb,2\nc,1\n",
    "total.csv": "Month,Revenue,Customers\nJan 2024,10,1\nFeb 2024,20,2\nTotal,30,3\nMar 2024,30,3\n",
    "zero.csv": "Revenue,Customers,Marketing cost,Sales cost,New customers\n100,0,5,5,0\n",
    "errors.csv": "Revenue,Customers\n100,#DIV/0!\n200,5\n",
    "plans.csv": "Customer ID,Start date,End date,Price,Interval\na,2024-01-01,,10,fortnight\nb,,,10,month\n",
}


@pytest.mark.parametrize(("name", "language"), some(product(FILES, LANGUAGES[1:]), test=14))
def test_bad_files_are_reported_in_the_language(
    name: str,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(FILES[name], "utf-8")
    asked = ("--period", "month") if "ate" in FILES[name] else ()
    # the part called missing names English headers on purpose, beside those of the language
    for shown in ([], ["--show", "findings,inputs,rules"]):
        main(["evaluate", name, *shown, "--lang", language, *asked, *SHIPPED])
    out, err = capsys.readouterr()
    holds_no_english(out + err)


def test_every_option_has_its_text_and_no_text_is_left_over() -> None:
    wanted = {"usage", "commands", "arguments", "options", "examples", "repeatable", "metricsheet"}
    wanted |= {"as_evaluate", "options_of", "version", "exit_codes", "exit.note"}
    shared = {"help", "lang", "metrics"}
    wanted |= {*shared, *(f"exit.{code}" for code in range(4))}
    parsers = [import_module(f"metricsheet.cli.{command}_command").parser() for command in COMMANDS]
    texts = help_texts("en")
    for parser in (*parsers, *map(export_command.parser, FORMS)):
        command = parser.prog.split()[-1]
        shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
        own = [f"{command}.{a.dest}" for a in shown if a.dest not in shared]
        # a form may have options of another command, some with a text of its own
        likes = [
            name.replace(command, parser.like) if parser.like and name not in texts else name for name in own
        ]
        wanted |= {command, *likes}
        wanted |= {group.title for group in parser._action_groups if group._group_actions}
    optional = {name for name in texts if re.search(r"\.(note|example\.\d)$", name)}
    assert texts.keys() - optional == wanted - optional


@pytest.mark.parametrize(
    ("command", "language"),
    some(product(["", *COMMANDS, *(f"export {form}" for form in FORMS)], LANGUAGES), test=30),
)
def test_help_is_in_the_language(command: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help", "--lang", language]) == 0
    text = capsys.readouterr().out
    assert all(width(line) <= 80 for line in text.splitlines())
    assert "::" not in text
    if language != "en":
        holds_no_english(re.sub(r"metricsheet [a-z]+( -\S+)*", "", text))


OWN = """version: 1
inputs: {seats: {label: Seats, type: number}, cases: {label: Cases, type: number}}
metrics:
  one: {label: One, stage: expand, kind: outcome, unit: ratio, better: lower, formula: cases / seats,
        examples: [{given: {seats: [2], cases: [1]}, value: 3}, {given: {seats: [0], cases: [1]}, value: 1}]}
  two: {label: Two, stage: expand, kind: outcome, unit: ratio, better: lower, formula: seats / cases}
"""
RULE = """version: 1
rules:
  seldom: {severity: low, when: [one > 1], finding: Seldom., recommend: [Wait.],
           tests: [{name: t, given: {one: 0}, expect: fired}]}
"""
OWN_FILE = ("--metrics", "own/metrics.yaml")
OUTPUTS = [
    ("--version", "-v"),
    ("--lang=en", "--version"),
    ("doctor",),
    ("test", "-v", "--coverage", *OWN_FILE),
    ("test", "nps", *SHIPPED),
    *(("list", what, *OWN_FILE) for what in ("metrics", "inputs", "rules")),
    ("export", "lambda", "-o", "names.xlsx", *OWN_FILE),
    ("export", "lambda", "--into", "names.xlsx", *OWN_FILE),
    ("portable", "names.xlsx", "-o", "copy.xlsx", *OWN_FILE),
    ("doctor", "names.xlsx", *OWN_FILE),
    ("translate", "de", *OWN_FILE),
    ("translate", "de", "-o", "de.yaml", *OWN_FILE),
    ("translate", "de", *SHIPPED),
    ("map", "few.csv", "-o", *OWN_FILE),
    ("map", "few.csv", "-o", "other.map.yaml", *OWN_FILE),
    ("addin", "build", "--for", "libreoffice", *OWN_FILE),
    ("init",),
]


@pytest.mark.parametrize("language", some(LANGUAGES[1:], test=1))
def test_what_commands_print_is_in_the_language(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own/lifecycle_rules").mkdir(parents=True)
    Path("own/metrics.yaml").write_text(OWN, "utf-8")
    Path("own/lifecycle_rules/expand.yaml").write_text(RULE, "utf-8")
    Path("few.csv").write_text("Seats,Cases\n1,2\n", "utf-8")
    for command in OUTPUTS:
        assert main([*command, "--lang", language]) in (0, 1)
        shown = "".join(capsys.readouterr())
        # texts of the definitions, which have no other language
        holds_no_english(re.sub(r"(?m)(?<=#) .*$|^ .*$", "", shown) if command[0] == "translate" else shown)
