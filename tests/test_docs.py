"""The pages tell the truth: links lead somewhere, commands and options exist, examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from metricsheet.cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_page_is_reached_from_the_readme() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in said, page.name


def commands_shown() -> list[tuple[str, str]]:
    """Every command line of ours in a fenced block or in code, with its page."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = "\n".join(re.findall(r"```(?:sh|console|text)?\n(.*?)```", text, re.DOTALL))
        lines = [line.strip().removeprefix("$ ") for line in blocks.splitlines()]
        lines += re.findall(r"`(metricsheet [^`]+)`", text)
        found += [(page.name, line) for line in lines if line.startswith("metricsheet ")]
    return found


@pytest.mark.parametrize(("page", "line"), commands_shown())
def test_commands_and_options_exist(page: str, line: str) -> None:
    line = re.split(r"\s{2,}| #|…|\|", line)[0]
    words = shlex.split(line.replace("[", "").replace("]", ""))[1:]
    command, options = words[0], [w for w in words[1:] if re.match(r"--?[a-z]", w)]
    if command.startswith("-"):
        assert command in ("--help", "--version")
        return
    assert command in COMMANDS or command.isupper(), line
    if command not in COMMANDS:
        return
    import importlib

    module = importlib.import_module(f"metricsheet.cli.{command}_command")
    parser = module.parser(words[1]) if command == "export" else module.parser()
    known = {option for action in parser._actions for option in action.option_strings}
    for option in options:
        assert option.split("=")[0] in known, line


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import pandas

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(code) == 1
    monkeypatch.chdir(tmp_path)
    pandas.DataFrame(
        {
            "Date": pandas.to_datetime(["2024-01-05", "2024-01-09", "2024-02-03", "2024-02-07"]),
            "Segment": ["A", "B", "A", "B"],
            "NPS score": [10, 9, 3, 8],
        }
    ).to_excel("customers.xlsx", index=False, engine="xlsxwriter")
    names: dict[str, object] = {}
    exec(compile(code[0], "README.md", "exec"), names)
    first = re.search(r"metricsheet\.calculate\((.*?)\)\s+# (\S+)", code[0])
    assert first is not None
    assert eval(f"metricsheet.calculate({first[1]})", names) == float(first[2])


def test_the_metric_of_the_definitions_page_is_the_built_in_one() -> None:
    from metricsheet.api import load_catalog

    page = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    shown = page.partition("A metric as it is written there:")[2].partition("A small file of your own")[0]
    metric = load_catalog(ROOT / "metrics.yaml").metrics["clv_cac_ratio"]
    assert f"formula: {metric.formula}" in shown
    for band in metric.bands:
        assert f"status: {band.status}" in shown
        assert f"when: {band.when}" in shown
        assert band.label["en"] in shown


def test_the_code_is_where_the_architecture_page_says() -> None:
    package = ROOT / "src" / "metricsheet"
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    where = page.partition("## Where do I change")[2]
    paths = set(re.findall(r"`([\w./*]+(?:/|\.py|\.yaml|\.md))`", re.sub("STAGE|NAME", "*", where)))
    assert len(paths) > 40
    for path in paths:
        found = any(any(base.glob(path)) for base in (ROOT, package)) or any(package.rglob(path))
        assert found, path


def test_the_screen_of_the_readme_is_what_the_demo_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```(?:text)?\n(acme_lifecycle.xlsx .*?)```", readme, re.DOTALL)
    assert shown is not None
    screen = (ROOT / "tests" / "report" / "golden" / "screen_demo_quarter.txt").read_text(encoding="utf-8")
    digest = re.compile(r"metrics\.yaml [0-9a-f]{8}")
    assert digest.sub("", shown[1]).strip() == digest.sub("", screen).strip()
