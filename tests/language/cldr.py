"""Writes what CLDR knows of each language into its module: ``make language``.

CLDR is Unicode's collection of such knowledge, read through Babel: names of months and days, quarters, marks
of numbers, patterns of percents and money, names of currencies, which numbers take the plural. It is checked
in, so that nothing is looked up at run time; ``test_cldr.py`` compares. What people type beyond it, and how
reports write dates and durations, is written by hand below the block.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from babel import Locale
from babel.numbers import get_currency_name

from metricsheet.language import LANGUAGES
from metricsheet.language.currencies import CURRENCIES

FOLDER = Path(__file__).parents[2] / "src" / "metricsheet" / "language"
BLOCK = re.compile(r"# what CLDR knows: `make language` writes it\n.*?# fmt: on\n", re.DOTALL)


def known(language: str) -> dict[str, object]:
    """Return what CLDR knows of a language, in the shape of the module's ``CLDR``."""
    locale = Locale(language)
    months = locale.months["format"], locale.months["stand-alone"]
    names = [
        typed(form[width][month] for form in months for width in ("wide", "abbreviated"))
        for month in range(1, 13)
    ]
    days = locale.days["stand-alone"]
    wide = typed(days["wide"][day] for day in range(7))
    short = typed(days["abbreviated"][day] for day in range(7))
    signs = all(len(day) == 1 for day in short.split(" | "))
    quarters = locale.quarters["format"]
    symbols = locale.number_symbols["latn"]
    money = locale.currency_formats["standard"].pattern.replace("#,##0.00", "{}").replace("¤", "{symbol}")
    return {
        "months_shown": " | ".join(months[1]["abbreviated"][month] for month in range(1, 13)),
        "numbers": {
            "decimal": symbols["decimal"],
            "group": symbols["group"],
            "percent": locale.percent_formats[None].pattern.replace("#,##0", "{}"),
            "money": money,
            "money_code": money.replace("{symbol}{}", "{symbol}\u00a0{}"),
            "plural_from_two": locale.plural_form(0) == locale.plural_form(Decimal("1.5")) == "one",
        },
        "months": names,
        "weekdays": wide,
        "weekdays_short": "" if signs else short,
        "weekday_signs": short if signs else "",
        "before_noon": typed([locale.day_periods["format"]["abbreviated"]["am"]]),
        "after_noon": typed([locale.day_periods["format"]["abbreviated"]["pm"]]),
        "quarter_letters": typed(text[:-1] for text in quarters["abbreviated"].values()),
        "quarter_after": typed(
            re.split(r"[\d\W]\w*[. ]+|\d", text)[-1] for text in quarters["wide"].values()
        ),
        "currencies": {
            code: typed([locale.currencies[code], *(get_currency_name(code, n, language) for n in (1, 2))])
            for code in CURRENCIES
        },
    }


def typed(names: Iterable[str]) -> str:
    """Return names as they are typed: each once, in small letters, without full stops; none with digits."""
    found = dict.fromkeys(name.rstrip(".").lower().replace("i\u0307", "i") for name in names)
    return " | ".join(name for name in found if name and not re.search(r"\d", name))


def block(language: str) -> str:
    """Return the lines of a module that hold what CLDR knows."""
    lines = ["# what CLDR knows: `make language` writes it", "# fmt: off", "CLDR: dict[str, Any] = {"]
    for key, value in known(language).items():
        if isinstance(value, dict):
            items = [f"{quoted(name)}: {quoted(one)}" for name, one in value.items()]
            lines += [f'    "{key}": {{', *wrapped(items), "    },"]
        elif isinstance(value, list):
            lines += [f'    "{key}": (', *wrapped(map(quoted, value)), "    ),"]
        else:
            lines.append(f'    "{key}": {quoted(value)},')
    return "\n".join([*lines, "}", "# fmt: on", ""])


def quoted(value: object) -> str:
    """Return a value as Python writes it, spaces that cannot be told apart as escapes."""
    if not isinstance(value, str):
        return repr(value)
    return '"' + re.sub(r"[\u00a0\u202f]", lambda space: f"\\u{ord(space[0]):04x}", value) + '"'


def wrapped(items: Iterable[str]) -> list[str]:
    """Return items in lines as long as a line may be."""
    glued = (item.replace(" ", "\0") for item in items)
    text = " ".join(f"{item}," for item in glued)
    options = {"break_long_words": False, "break_on_hyphens": False}
    indent = " " * 8
    lines = textwrap.wrap(text, 108, initial_indent=indent, subsequent_indent=indent, **options)
    return [line.replace("\0", " ") for line in lines]


def spaced(text: str) -> str:
    """Return the lines of a French file with spaces at which no line is broken, where French has them."""
    kept = re.sub(r" ([:;?!»])(?=[\s\"')]|$)", "\u00a0\\1", text, flags=re.MULTILINE)
    return re.sub(r"(?<=\d) %", "\u00a0%", kept.replace("« ", "«\u00a0"))


def main() -> None:
    """Write the block of every language into its module, and the spaces of French."""
    for language in LANGUAGES:
        file = FOLDER / f"{language}.py"
        text = file.read_text(encoding="utf-8")
        made, count = BLOCK.subn(lambda _, language=language: block(language), text)
        assert count == 1, f"{file} has no place for what CLDR knows"
        file.write_text(made, encoding="utf-8")
    for file in (FOLDER / "fr.py", FOLDER.parents[2] / "translations" / "fr.yaml"):
        file.write_text(spaced(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
