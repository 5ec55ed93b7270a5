"""What CLDR knows stands in the language modules as it is, and nothing of it is written a second time."""

from __future__ import annotations

import pytest

from metricsheet.language import LANGUAGES, lexicon
from metricsheet.language.currencies import CURRENCIES
from metricsheet.language.styles import style_of
from metricsheet.language.words import words_of

babel = pytest.importorskip("babel", reason="comes with the dev extra")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_module_holds_what_cldr_knows(language: str) -> None:
    from tests.language import cldr

    file = cldr.FOLDER / f"{language}.py"
    assert cldr.block(language) in file.read_text(encoding="utf-8"), "run make language"
    assert {
        kind: tuple(table) if isinstance(table, list) else table
        for kind, table in cldr.known(language).items()
    } == words_of(language).CLDR


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_are_only_those_that_cldr_lacks(language: str) -> None:
    known, typed = words_of(language).CLDR, words_of(language).TYPED
    for kind in known.keys() & typed.keys():
        pairs = (
            zip(known[kind], typed[kind], strict=True) if kind == "months" else [(known[kind], typed[kind])]
        )
        for theirs, ours in pairs:
            assert not set(theirs.split(" | ")) & set(filter(None, ours.split(" | "))), kind


@pytest.mark.parametrize("code", CURRENCIES)
def test_signs_and_decimals_of_currencies(code: str) -> None:
    from babel.numbers import get_currency_precision, get_currency_symbol

    sign = CURRENCIES[code].sign
    signs = {get_currency_symbol(code, language) for language in LANGUAGES}
    signs |= {get_currency_symbol(code, home) for home in HOMES.get(code, ())}
    assert sign in signs or not sign
    assert CURRENCIES[code].decimals == get_currency_precision(code)


HOMES = {"NGN": ("en_NG",), "UAH": ("uk",), "RUB": ("ru",), "TRY": ("tr",), "PHP": ("fil",)}
"""Where a sign is used that is not the usual one elsewhere."""


def test_a_name_means_one_currency() -> None:
    names = [
        (name, code)
        for language in LANGUAGES
        for code, text in words_of(language).CLDR["currencies"].items()
        for name in text.split(" | ")
    ]
    assert len(dict(names)) == len(set(names))
    assert lexicon.currency_names() == dict(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals(language: str) -> None:
    from decimal import Decimal

    from babel import Locale

    style, form = style_of(language), Locale(language).plural_form
    if "one" not in form.rules:  # one form for every number: both templates say the same
        return
    for number in (0, 1, 2, 3, 10, 11, 21, 100, 101, 1000, Decimal("0.5"), Decimal("1.5"), Decimal("2.5")):
        digits = str(number).replace(".", style.decimal)
        assert style.plural(digits) == (form(number) != "one"), number
