"""What several commands share: options, texts of options into values, words of what they print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from metricsheet.errors import UsageError
from metricsheet.language.message import Message
from metricsheet.language.words import severity_word, term, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from metricsheet.catalog.definitions import Catalog


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ``UsageError``s with the command's own help as the hint."""

    def error(self, message: str) -> None:  # type: ignore[override]  # raises instead of exiting
        """Raise ``UsageError`` with the message of argparse."""
        raise UsageError(Message("text", text=message), Message("help_lists", command=self.prog))

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse says nothing of a disk that is full
        (file or sys.stdout).write(message)


def command_parser(name: str, description: str, examples: str = "", *, add_help: bool = True) -> Parser:
    """Return the parser of one command; ``add_help`` is false where ``-h`` stands in a group of its own."""
    return Parser(
        prog=f"metricsheet {name}",
        description=description,
        epilog=examples or None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=add_help,
    )


def add_definitions_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--metrics``."""
    parser.add_argument(
        "--metrics",
        metavar="PATH",
        help="definitions to use (builtin: those of the package); else the nearest metrics.yaml at or above "
        "here, else the built-in ones",
    )


def load_definitions(path: str | None, *, benchmarks: Sequence[str] = ()) -> Catalog:
    """Return the definitions like ``api.load_catalog``; name on standard error what was passed over."""
    from metricsheet.api import load_catalog

    catalog = load_catalog(path, benchmarks=benchmarks)
    name_passed_over(catalog)
    return catalog


def name_passed_over(catalog: Catalog) -> None:
    """Say on standard error which nearer files of other programs are not the definitions used."""
    for name in catalog.passed_over:
        sys.stderr.write(f"note: {name} belongs to another program, {catalog.path} is used\n")


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return ``KEY=VALUE`` texts as a mapping; a key given twice is an error."""
    found: dict[str, str] = {}
    for text in given:
        key, sign, value = text.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or not key or not value:
            raise UsageError(Message("takes_name_value", option=option, given=text))
        if key in found:
            raise UsageError(Message("given_twice", option=option, key=key, first=found[key], second=value))
        found[key] = value
    return found


def listed(given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of repeated options; one option may hold several names separated by commas."""
    return tuple(name.strip() for text in given for name in _parts(text) if name.strip())


def _parts(text: str) -> list[str]:
    from metricsheet.binding.file_columns import MARK

    # a pattern over file names may hold commas
    return [text] if MARK in text else text.split(",")


def write_new(path: Path, text: str, hint: Message) -> None:
    """Write a file that was not there before; raise ``UsageError``, with ``hint`` where there is one."""
    import os

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise UsageError(Message("exists_already", path=str(path)), hint) from None
    except OSError as error:
        raise UsageError(Message("cannot_write.here", path=str(path), reason=error.strerror)) from None
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except BaseException:  # a file half written would keep the next try from writing
        os.unlink(path)
        raise


def heading(key: str, language: str, **values: object) -> str:
    """Return the word of ``key`` for a line of ``explain``, in small letters where the language allows it."""
    own = f"explain.{key}"
    if own in words_of(language).TERMS:
        return term(own, language, **values)
    found = term(key, language, **values)
    # nouns of German keep their capital, and so do names
    keep = language == "de" or key == "excel_function"
    return found if keep else found[:1].lower() + found[1:]


def named(key: str, language: str) -> str:
    """Return a stage, kind or severity in ``language``; in English as it is written in definitions."""
    return key if language == "en" else severity_word(key, language)
