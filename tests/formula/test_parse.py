"""Text to tree and back: precedence, canonical text, problems with their places, limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.formula.ast import (
    Array,
    Binary,
    Blank,
    Call,
    ErrorValue,
    Logical,
    Name,
    Node,
    Number,
    Percent,
    Text,
    Unary,
    to_text,
    walk,
)
from metricsheet.formula.parse import parse_formula
from metricsheet.formula.tokens import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS
from metricsheet.source import Place, SourceFile
from metricsheet.values import ERROR_CODES
from tests.stages import few_cases
from tests.steps import at_most

NAMED = [
    # a formula with LET, the same without
    ("LET(a, 2, a + 1)", "2 + 1"),
    ("LET(a, x + 1, a * a)", "(x + 1) * (x + 1)"),
    ("LET(a, 1, B, a + 1, A * b)", "1 * (1 + 1)"),
    ("LET(a, 1, LET(a, a + 1, a) + a)", "1 + 1 + 1"),
    ("LET(a, x, LET(x, 1, a + x))", "x + 1"),  # the x outside is not the one inside
    ("LET(x, x + 1, x)", "x + 1"),
    ("LET(r, x, SUM(r) / COUNT(r))", "SUM(x) / COUNT(x)"),
    ("-LET(a, 2, a)^2%", "(-2)^2%"),
    ("LET(a, {1,2}, SUM(a))", "SUM({1,2})"),
    ("LET(unused, 1, 5)", "5"),
    ("_xlfn.LET(_xlpm.a, 1, _xlpm.a)", "1"),
]
NO_NAMES = [
    # formula, words of the message, offset
    ("LET(1, 2, 3)", "a name before each value, found 1", 4),
    ("LET(a + 1, 2, 3)", "found a + 1", 6),
    ("LET(a, 1, A, 2, a)", "two values", 10),
    ("LET(, 1, 2)", "a name before each value", 4),
]
GROUPING = [
    # formula, the same with every group in parentheses
    ("-2^2", "(-2)^2"),
    ("2^3^2", "(2^3)^2"),
    ("2^-3^2", "(2^(-3))^2"),
    ("-5%", "(-5)%"),
    ("2^5%", "2^(5%)"),
    ("-a%%", "((-a)%)%"),
    ("--a", "-(-a)"),
    ("+-+a", "+(-(+a))"),
    ("1+2*3", "1+(2*3)"),
    ("1-2-3", "(1-2)-3"),
    ("8/4/2", "(8/4)/2"),
    ("8/4*2", "(8/4)*2"),
    ("-a*b", "(-a)*b"),
    ("a*-b", "a*(-b)"),
    ("a&b+c", "a&(b+c)"),
    ("a&b=c&d", "(a&b)=(c&d)"),
    ("a<b=c", "(a<b)=c"),
    ("a+b>=c*d", "(a+b)>=(c*d)"),
    ("1+f(2,3)^2", "1+(f(2,3)^2)"),
]
CANONICAL = [
    # formula, its canonical text
    (" = SUM( a ,b ) ", "SUM(a, b)"),
    ("sum(A)", "SUM(A)"),
    ("_xlfn.STDEV.S(x)", "STDEV.S(x)"),
    ("_xlfn._xlws.FILTER(x)", "FILTER(x)"),
    ("1.50", "1.5"),
    (".5", "0.5"),
    ("5.", "5"),
    ("1e3", "1000"),
    ("1E+30", "1e+30"),
    ('"say ""hi"""', '"say ""hi"""'),
    ("true", "TRUE"),
    ("TRUE()", "TRUE"),
    ("#n/a", "#N/A"),
    ("[Order value]", "[Order value]"),
    ("[ Order   value ]", "[Order value]"),
    ("[revenue]", "revenue"),
    ("[a]]b]", "[a]]b]"),
    ("[TRUE]", "[TRUE]"),
    ("cac.trend", "cac.trend"),
    ("推奨度", "推奨度"),
    ("müşteri_sayısı", "müşteri_sayısı"),
    ("IF(a,,b)", "IF(a, , b)"),
    ("IF(a,)", "IF(a, )"),
    ("F()", "F()"),
    ("{1,-2;\"a\",TRUE}", '{1,-2;"a",TRUE}'),
    ("((a))", "a"),
    ("(a+b)*c", "(a + b) * c"),
    ("a-(b-c)", "a - (b - c)"),
    ("2^(3^4)", "2^(3^4)"),
    ("-(2^2)", "-(2^2)"),
    ("(-2)^2", "-2^2"),
    ("(a+b)%", "(a + b)%"),
    ("a\n + b", "a + b"),
]  # fmt: skip
REFUSED = [
    # text, code, words of the message, column of the caret, words of the hint
    ("", "formula_syntax", "the formula is empty", 1, ""),
    ("  =  ", "formula_syntax", "the formula is empty", 6, ""),
    ("1 +", "formula_syntax", "expected a value, found the end", 4, ""),
    ("(1", "formula_syntax", "expected ), found the end", 3, ""),
    ("SUM(a", "formula_syntax", "expected ), found the end", 6, ""),
    ("1)", "formula_syntax", "this ) closes nothing", 2, ""),
    ("SUM(a))", "formula_syntax", "this ) closes nothing", 7, ""),
    ("a b", "formula_syntax", "expected an operator, found b", 3, ""),
    ("a AND b", "formula_syntax", "expected an operator, found AND", 3, "write AND(a, b)"),
    ("a=1 and b>2 AND c", "formula_syntax", "expected an operator, found and", 5, "write AND(a=1, b>2, c)"),
    ("a or b and c", "formula_syntax", "expected an operator, found or", 3, "write OR(a, AND(b, c))"),
    ("a AND (b OR c)", "formula_syntax", "expected an operator, found AND", 3, "write AND(a, OR(b, c))"),
    ("(a) + (b) AND c", "formula_syntax", "expected an operator, found AND", 11, "write AND((a) + (b), c)"),
    ("a AND", "formula_syntax", "expected an operator, found AND", 3, "write AND(a, b)"),
    ("SUM(a AND b)", "formula_syntax", "expected an operator, found AND", 7, "write AND(a, b)"),
    ("a AND b c", "formula_syntax", "expected an operator, found AND", 3, "write AND(a, b)"),
    ("2x", "formula_syntax", "expected an operator, found x", 2, ""),
    ("a 'b'", "formula_syntax", "unexpected", 3, "straight double quotes"),
    ("“b”", "formula_syntax", "unexpected '“'", 1, "straight double quotes"),
    ('"abc', "formula_syntax", "no closing quote", 1, "double quotes"),
    ("[abc", "formula_syntax", "no closing bracket", 1, "[Header text]"),
    ("[]", "formula_syntax", "name in brackets is empty", 1, ""),
    ("SUM(1;2)", "formula_syntax", "expected an operator, found ;", 6, "comma"),
    ("1,5", "formula_syntax", "comma outside", 2, "0.5"),
    ("a == b", "formula_syntax", "== is not an operator", 4, "write ="),
    ("a != b", "formula_syntax", "unexpected '!'", 3, "write <>"),
    ("a && b", "formula_syntax", "&& is not an operator", 4, "AND(a, b)"),
    ("a || b", "formula_syntax", "unexpected '|'", 3, "OR(a, b)"),
    ("a ** b", "formula_syntax", "** is not an operator", 4, "write ^"),
    ("a ≥ 3", "formula_syntax", "unexpected '≥'", 3, "write >="),
    ("（a）", "formula_syntax", "unexpected '（'", 1, "write ("),
    ("$A$1", "formula_syntax", "unexpected '$'", 1, "cell addresses"),
    ("A1:A9", "formula_syntax", "unexpected ':'", 3, "cell addresses"),
    ("Sheet1!A1", "formula_syntax", "unexpected '!'", 7, "cell addresses"),
    ("#SPILLS!", "formula_syntax", "unexpected '#'", 1, "error values"),
    ("1e999", "formula_syntax", "too large", 1, ""),
    ("%5", "formula_syntax", "expected a value, found %", 1, "after a number"),
    ("{1,2;3}", "formula_syntax", "different lengths", 1, ""),
    ("{a}", "formula_syntax", "expected a number, text or logical", 2, ""),
    ("{1 2}", "formula_syntax", "expected , ; or }", 4, ""),
    ("{1,", "formula_syntax", "found the end", 4, ""),
    ("SUM(,)+*", "formula_syntax", "expected a value, found *", 8, ""),
    ("a+1+" + "a+" * 3000, "formula_limit", "more than 2,000", 1, ""),
    ("1+" * 5000 + "1", "formula_limit", "10,001 characters", 1, "metrics"),
    ("f(" + "1," * 300 + "1)", "formula_limit", "301 arguments", 1, ""),
    ("(" * 101 + "1" + ")" * 101, "formula_limit", "deep", 101, "split"),
    ("-" * 200 + "1", "formula_limit", "deep", 101, ""),
    ("1" + "+1" * 200, "formula_limit", "deep", 200, "SUM(a, b"),
]  # fmt: skip


def parsed(text: str) -> Node:
    node, diagnostics = parse_formula(text)
    assert node is not None, diagnostics
    return node


@pytest.mark.parametrize(("text", "grouped"), GROUPING)
def test_operators_group_as_in_excel(text: str, grouped: str) -> None:
    assert parsed(text) == parsed(grouped)


@pytest.mark.parametrize(("text", "without"), NAMED)
def test_a_name_is_its_value_written_once(text: str, without: str) -> None:
    assert parsed(text) == parsed(without)


@pytest.mark.parametrize(("text", "words", "at"), NO_NAMES)
def test_what_cannot_be_a_name(text: str, words: str, at: int) -> None:
    tree, problems = parse_formula(text, Place(SourceFile("f", text), 1, 1))
    assert tree is None
    (problem,) = problems
    assert problem.message.code == "let"
    assert words in str(problem.message)
    assert problem.place is not None
    assert problem.place.column == at + 1


def test_names_that_double_each_other_end_at_the_limits() -> None:
    doubled = ", ".join(f"a{n}, a{n - 1} + a{n - 1}" for n in range(1, 40))
    chained = ", ".join(f"a{n}, -a{n - 1}" for n in range(1, MAX_DEPTH + 5))
    for bound, last in ((doubled, "a39"), (chained, f"a{MAX_DEPTH + 4}")):
        tree, problems = parse_formula(f"LET(a0, 1 + 1, {bound}, {last})")
        assert tree is None
        assert [problem.message.code for problem in problems] == ["formula_limit"]


@pytest.mark.parametrize(("text", "canonical"), CANONICAL)
def test_canonical_text(text: str, canonical: str) -> None:
    assert to_text(parsed(text)) == canonical
    assert parsed(canonical) == parsed(text)


@pytest.mark.parametrize(("text", "hint"), [("1 ~ 2", "None"), ("1 ㌘", "None"), ("1 ＋ 2", "write +")])
def test_a_sign_is_written_as_another_only_where_there_is_one(text: str, hint: str) -> None:
    _, (first, *_) = parse_formula(text)
    assert str(first.hint) == hint


@pytest.mark.parametrize(
    ("text", "code", "message", "column", "hint"), REFUSED, ids=[r[0][:24] for r in REFUSED]
)
def test_what_is_not_a_formula(text: str, code: str, message: str, column: int, hint: str) -> None:
    place = Place(SourceFile("metrics.yaml", "  formula: " + text), 1, 12)
    node, diagnostics = parse_formula(text, place)
    assert node is None
    first = diagnostics[0]
    assert first.code == code
    assert message in str(first.message)
    assert not str(first.message).endswith(".")
    assert first.place is not None
    if code == "formula_syntax" or "deep" in message:
        assert first.place.column == 11 + column
    assert hint in str(first.hint or "")
    assert first.render()


def test_an_open_parenthesis_is_pointed_at_as_well() -> None:
    place = Place(SourceFile("f", "SUM(a"), 1, 1)
    _, (problem,) = parse_formula("SUM(a", place)
    assert [(str(where), str(text)) for where, text in problem.related] == [("f:1:1", "opened here")]


def test_all_unreadable_pieces_are_reported_at_once() -> None:
    _, diagnostics = parse_formula("$a + 'b' + !c")
    assert len(diagnostics) == 3


def test_offsets_point_at_words_and_operators() -> None:
    node = parsed("  SUM(a) / bc")
    assert isinstance(node, Binary)
    assert (node.at, node.left.at, node.right.at) == (9, 2, 11)


BOMBS = {
    "parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "a megabyte": "1+" * 500_000 + "1",
    "a megabyte of text": '"' + "x" * 1_000_000 + '"',
    "calls": "A(" * 4000,
    "signs": "-" * 8000,
    "percents": "1" + "%" * 8000,
    "braces": "{" * 8000,
    "quotes": '"' * 8001,
    "commas": "F(" + "," * 8000,
    "brackets": "[" * 8000,
    "strange letters": "🙈" * 8000,
    "spaces": " " * 8000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(text: str) -> None:
    with at_most(10 * len(text)):
        node, diagnostics = parse_formula(text)
    assert node is None
    assert diagnostics
    assert len(diagnostics[0].render()) < 1000


def test_the_largest_formulas_are_still_read() -> None:
    assert parse_formula("(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1))[0]
    assert parse_formula("1" + "+1" * (MAX_DEPTH - 1))[0]
    assert parse_formula('"' + "x" * (MAX_LENGTH - 2) + '"')[0]
    wide = "F(" + ",".join(["1+1+1"] * (MAX_TOKENS // 6 - 100)) + ")"
    assert parse_formula(wide)[0]


@given(st.text(max_size=60))
def test_any_text_ends_in_a_tree_or_diagnostics(text: str) -> None:
    node, diagnostics = parse_formula(text)
    assert (node is None) == bool(diagnostics)


words = st.sampled_from(
    [*"+-*/^&=%(),;{}", "<=", "<>", ">=", "a", "SUM(", "IF(", "1", "2.5", '"x"', "TRUE", "#N/A"]
)


@given(st.lists(words, max_size=40))
def test_any_mix_of_words_ends_in_a_tree_or_diagnostics(pieces: list[str]) -> None:
    node, diagnostics = parse_formula(" ".join(pieces))
    assert (node is None) == bool(diagnostics)
    if node is not None:
        assert parsed(to_text(node)) == node


names = st.one_of(
    st.sampled_from(["a", "revenue", "cac.trend", "推奨度"]),
    st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=6),
)
literals = st.one_of(
    st.floats(0, 1e300).map(Number),
    st.text(max_size=6).map(Text),
    st.booleans().map(Logical),
    st.sampled_from(ERROR_CODES[:7]).map(ErrorValue),
)
leaves = st.one_of(literals, names.map(Name), st.tuples(literals).map(lambda row: Array((row, row))))


def _branches(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = st.sampled_from(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="])
    arguments = st.lists(st.one_of(parts, st.just(Blank())), max_size=3).map(tuple)
    calls = st.builds(Call, st.sampled_from(["SUM", "IF", "STDEV.S"]), arguments)
    return st.one_of(
        st.builds(Binary, operators, parts, parts),
        st.builds(Unary, st.sampled_from("+-"), parts),
        st.builds(Percent, parts),
        # a call with one argument left out cannot be told from one without arguments
        calls.filter(lambda call: call.args != (Blank(),)),
    )


@few_cases
@given(st.recursive(leaves, _branches, max_leaves=12))
def test_the_canonical_text_reads_back_as_the_same_tree(node: Node) -> None:
    text = to_text(node)
    assert parsed(text) == node
    assert to_text(parsed(text)) == text
    assert sum(1 for _ in walk(node)) == sum(1 for _ in walk(parsed(text)))
