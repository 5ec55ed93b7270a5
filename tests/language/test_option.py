"""Options in messages are written as where they are read: on the command line, in Python, in a worksheet."""

from __future__ import annotations

import contextvars
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet import Scorecard, UsageError, evaluate
from metricsheet.cli import evaluate_command
from metricsheet.language import LANGUAGES
from metricsheet.language import option as written
from metricsheet.language.message import Message, say
from metricsheet.language.option import COMMAND_LINE, EXCEL, NAMES, PYTHON, in_host, option
from metricsheet.language.words import words_of
from metricsheet.options import Options
from metricsheet.report import TextStyle, render_text

# shlex leaves $ and ` behind a backslash as they are, shells do not
LETTERS = st.characters(exclude_categories=["C", "Z"], include_characters=" ", exclude_characters="$`")
TEXTS = st.text(LETTERS, min_size=1)


@pytest.mark.parametrize(
    ("name", "texts", "command", "python"),
    [
        ("map", ["churned=Churn flag"], '--map "churned=Churn flag"', 'mapping={"churned": "Churn flag"}'),
        ("set", ["company_stage=new"], "--set company_stage=new", 'settings={"company_stage": "new"}'),
        ("read", ["totals=keep"], "--read totals=keep", 'read={"totals": "keep"}'),
        ("limit", ["slices=50000"], "--limit slices=50000", 'limits={"slices": 50000}'),
        ("by", ["Regon"], "--by Regon", 'by="Regon"'),
        ("by", ["A", "B b"], '--by A --by "B b"', 'by=["A", "B b"]'),
        ("where", ['a = "x"'], "--where 'a = \"x\"'", "where='a = \"x\"'"),
        ("from", [], "--from", "since="),
        ("partial", [], "--partial", "partial=True"),
        ("show", ["missing"], "--show missing", 'show=["missing"]'),
    ],
)
def test_an_option_in_each_host(name: str, texts: list[str], command: str, python: str) -> None:
    said = option(name, *texts)
    for host, expected in ((COMMAND_LINE, command), (PYTHON, python)):
        with in_host(host):
            assert said.said("de") == expected
            assert str(said) == command, "as a name it stays the same"


@given(TEXTS, TEXTS)
def test_what_is_written_can_be_pasted(key: str, text: str) -> None:
    given = option("map", f"{key.replace('=', '')}={text}")
    with in_host(COMMAND_LINE):
        assert shlex.split(given.said("en")) == ["--map", given.texts[0]]
    with in_host(PYTHON):
        assert eval(f"dict({given.said('en')})") == {"mapping": {key.replace("=", ""): text}}


def test_every_option_is_one_in_both_hosts() -> None:
    known = {name for action in evaluate_command.parser()._actions for name in action.option_strings}
    keywords = {*Options.__annotations__, "jobs", "metrics", "format", "show"}
    for name in NAMES:
        assert f"--{name}" in known
        with in_host(PYTHON):
            assert option(name).said("en").partition("=")[0] in keywords


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_name_options_by_their_names_alone(language: str) -> None:
    """What only the command line has may stand in a template as it is."""
    texts = [
        t for one in words_of(language).MESSAGES.values() for t in ((one,) if isinstance(one, str) else one)
    ]
    bare = {name for text in texts for name in re.findall(r"(?<!\{)--([a-z-]+)", text)}
    assert not bare & set(NAMES) - {"only", "format"}, "written for one host"
    named = {name for text in texts for name in re.findall(r"\{--([a-z-]+)", text)}
    assert named <= set(NAMES)


def in_python(call: Any, *args: Any, **keywords: Any) -> Any:
    """Call as a program does that has said nothing of a host."""
    return contextvars.Context().run(lambda: call(*args, **keywords))


def test_the_library_speaks_python(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    rows = "".join(f"2024-0{1 + n % 3}-05,2024-0{1 + n % 2}-07,{n % 11},x\n" for n in range(40))
    path.write_text(f"Created,Closed,NPS score,Remark\n{rows}", encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape('by="Regon" fits no source')):
        in_python(evaluate, path, by="Regon", metrics="builtin")
    with pytest.raises(UsageError, match=re.escape('period="month" fits no source')) as raised:
        in_python(evaluate, path, period="month", metrics="builtin")
    assert in_python(str, raised.value.hint) == 'mapping={"date": "Created"} or mapping={"date": "Closed"}'
    with pytest.raises(UsageError, match=re.escape("language= is one of")):
        in_python(evaluate, path, language="xx", metrics="builtin")
    card: Scorecard = in_python(evaluate, path, metrics="builtin")
    for show in ((), ("all",)):
        text = in_python(render_text, card, card.catalog, TextStyle(show=show))
        assert not re.findall(r"(?<![\w-])--\w+", text), show
        assert "mapping={" in text or not show
    assert in_python(card.to_dict)["problems"] == in_python(card.to_dict)["problems"]
    assert "--" not in str(in_python(card.to_dict)["problems"])


def test_the_host_ends_with_its_block() -> None:
    assert in_python(written.host) == PYTHON
    with pytest.raises(ZeroDivisionError), in_host(EXCEL):
        1 / 0  # noqa: B018
    assert written.host() == COMMAND_LINE, "that of the tests"


def test_a_worksheet_is_told_of_arguments() -> None:
    message = Message("setting_not_given", setting="company_stage")
    with in_host(EXCEL):
        assert say(message) == "the setting company_stage is not given (company_stage)"
        assert say(Message("keep_totals")) == "metricsheet … --read totals=keep counts such rows as data"
