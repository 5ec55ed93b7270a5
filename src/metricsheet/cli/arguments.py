"""Options that several commands share, and texts of options into values."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from metricsheet.errors import UsageError


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ``UsageError``s with the command's own help as the hint."""

    def error(self, message: str) -> None:  # type: ignore[override]  # raises instead of exiting
        """Raise ``UsageError`` with the message of argparse."""
        raise UsageError(message, f"{self.prog} --help lists the options")


def command_parser(name: str, description: str, examples: str = "") -> Parser:
    """Return the parser of one command."""
    return Parser(
        prog=f"metricsheet {name}",
        description=description,
        epilog=examples or None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_definitions_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--metrics``."""
    parser.add_argument(
        "--metrics",
        type=Path,
        metavar="PATH",
        help="definitions to use; else the nearest metrics.yaml at or above here, else the built-in ones",
    )


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return ``KEY=VALUE`` texts as a mapping; a key given twice is an error."""
    found: dict[str, str] = {}
    for text in given:
        key, sign, value = text.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or not key or not value:
            raise UsageError(f"{option} takes NAME=VALUE, not {text!r}")
        if key in found:
            raise UsageError(f"{option} {key} is given twice: {found[key]!r} and {value!r}")
        found[key] = value
    return found


def listed(given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of repeated options; one option may hold several names separated by commas."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def choose_language(asked: str | None, default: str) -> str:
    """Return the language of labels and texts; raise ``UsageError`` for one that there is not."""
    from metricsheet.language import LANGUAGES

    language = (asked or default).lower().replace("_", "-").split("-")[0]
    if language not in LANGUAGES:
        raise UsageError(f"--lang is one of {', '.join(LANGUAGES)}, not {asked!r}")
    return language
