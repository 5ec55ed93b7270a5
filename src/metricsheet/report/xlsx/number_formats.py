"""Excel number formats that show a value as the text report writes it."""

from __future__ import annotations

from metricsheet.language.currencies import SIGNS
from metricsheet.language.numbers import MOST_DECIMALS
from metricsheet.language.styles import currency_code, style_of


def number_format(
    unit: str, *, currency: str = "USD", language: str = "en", decimals: int = 0, before: str = ""
) -> str:
    """Return the number format of a value of ``unit``, the word ``before`` it; percent values are fractions.

    Excel puts in the separators of whoever opens the workbook.
    """
    digits = _digits(decimals)
    style = style_of(language)
    lead = f'"{before}"' if before else ""
    if unit in ("days", "months"):
        one, many = style.days if unit == "days" else style.months
        if one != many:
            return f"[=1]{lead}{_quoted(one, '0')};{lead}{_quoted(many, digits)}"
        return lead + _quoted(many, digits)
    shown = lead + _pattern(unit, currency, language).replace("{}", digits)
    return f"{shown};{lead}-{shown.removeprefix(lead)}" if lead else shown


def signed_number_format(
    unit: str, *, currency: str = "USD", language: str = "en", decimals: int = 0, arrow: str = ""
) -> str:
    """Return the number format of a difference: always with its sign, ``arrow`` before it.

    One of percents is for points: 0.7 is shown as ``+0.7 pp``.
    """
    digits = _digits(decimals)
    if unit == "percent":
        shown = _quoted(style_of(language).percentage_points, digits)
    else:
        plain = unit in ("days", "months", "ratio")
        shown = digits if plain else _pattern(unit, currency, language).replace("{}", digits)
    lead = f'"{arrow} "' if arrow else ""
    return f"{lead}+{shown};{lead}-{shown};{lead}{shown}"


def _digits(decimals: int) -> str:
    if decimals > MOST_DECIMALS:
        return "0." + "0" * (decimals - MOST_DECIMALS + 1) + "E+00"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _pattern(unit: str, currency: str, language: str) -> str:
    style = style_of(language)
    if unit == "money":
        symbol = SIGNS.get(currency)
        code = symbol or currency_code(currency)
        if not code:
            return "{}"
        return (style.money if symbol else style.money_code).replace("{symbol}", f'"{code}"')
    if unit == "percent":
        return style.percent
    return '{}":1"' if unit == "ratio" else "{}"


def _quoted(pattern: str, digits: str) -> str:
    before, after = pattern.split("{}")
    return (f'"{before}"' if before else "") + digits + (f'"{after}"' if after else "")
