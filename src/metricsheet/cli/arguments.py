"""What several commands share: options, texts of options into values, words of what they print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metricsheet.cli.main import asked_language
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message, Value, and_more, message_from, say, say_help
from metricsheet.language.words import labelled, severity_word, term, words_of

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog


_COMPLAINTS = {
    "the following arguments are required: %s": Message("usage.missing", names="%s"),
    "expected one argument": Message("usage.no_value"),
    "expected at least one argument": Message("usage.no_value"),
    "ignored explicit argument %r": Message("usage.takes_no_value", value="%r"),
    "invalid %(type)s value: %(value)r": Message("usage.not_a_number", value="%(value)r"),
    "invalid choice: %(value)r (choose from %(choices)s)": Message(
        "usage.not_a_choice", value="%(value)r", choices="%(choices)s"
    ),
}
"""What argparse complains of, each as it asks gettext for it; ``int`` is the only type that fails."""


def _marked(text: str) -> str:
    """Return our message for a text of argparse as one text that argparse may still fill in."""
    message = _COMPLAINTS.get(text)
    return "\0".join((message.key, *sum(message.values.items(), ()))) if message else text


def _unmarked(text: str) -> Message:
    key, *parts = text.split("\0")
    if all(key != message.key for message in _COMPLAINTS.values()):
        return Message("text", text=text)
    return message_from(key, dict(zip(parts[::2], parts[1::2], strict=True)))


@contextmanager
def _our_words() -> Iterator[None]:
    """Let argparse take its words from us: gettext, which it asks, would look for those of the system."""
    asked, argparse._ = argparse._, _marked  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._ = asked  # type: ignore[attr-defined]


def source(text: str) -> Path | str:
    """Return the path that an argument names, or the name of a table elsewhere as it is."""
    from metricsheet.engines.sql.address import is_address, is_spark, spark_table

    return text if is_address(text) or is_spark(spark_table(text)) else Path(text)


class _Layout(argparse.RawDescriptionHelpFormatter):
    """Help in cells of a terminal, where wide East Asian letters take two."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        from metricsheet.report.columns import wrapped

        return wrapped(text, width)

    def format_help(self) -> str:
        # headings have the colon of their language, and argparse puts one behind
        return super().format_help().replace("::\n", ":\n")

    def wrapped(self, text: str, indent: int = 0) -> str:
        """Return a text as indented lines of the width of the help."""
        return "\n".join(" " * indent + line for line in self._split_lines(text, self._width - indent))


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ``UsageError``s with the command's own help as the hint.

    The texts of its help are those of the language modules, by command and option; ``examples`` are command
    lines, each of which may have its text, as all forms of ``export`` do. ``like`` is a command whose options
    it has too.
    """

    examples: Sequence[str] = ()
    like = ""
    _language = "en"

    def __init__(self, **how: Any) -> None:
        with _our_words():
            super().__init__(**how)

    def _get_formatter(self) -> argparse.HelpFormatter:
        # one is asked for with every option, and each would look for the width of the terminal
        return _Layout(self.prog, width=80)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options; raise ``UsageError`` for what is none of them."""
        found, unknown = self.parse_known_args(args, namespace)
        for text in unknown:
            name = text.partition("=")[0]
            if not name.startswith("-"):
                raise UsageError(Message("usage.unexpected", text=text), self._see_help())
            known = [option for action in self._actions for option in action.option_strings]
            hint = did_you_mean(name, known) or self._see_help()
            raise UsageError(Message("usage.not_an_option", name=name, command=self.prog), hint)
        return found

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options and what is none of them; raise ``UsageError`` for a value that does not fit."""
        self._language = asked_language(sys.argv[1:] if args is None else args)
        try:
            with _our_words():
                return super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            reason = _unmarked(error.message)
            message = Message("usage.of", name=error.argument_name, reason=reason)
            raise UsageError(message if error.argument_name else reason, self._see_help()) from None

    def error(self, message: str) -> None:  # type: ignore[override]  # raises instead of exiting
        """Raise ``UsageError`` with the message of argparse."""
        raise UsageError(_unmarked(message), self._see_help())

    def _see_help(self) -> Message:
        return Message("help_lists", command=self.prog)

    def format_help(self) -> str:
        """Return the help in the language asked for."""

        def said(name: str, **values: Value) -> str:
            return say_help(name, self._language, **values)

        layout, command = _Layout(self.prog), self.prog.split()[-1]
        for action in self._actions:
            if action.help != argparse.SUPPRESS:
                names = f"{command}.{action.dest}", f"{self.like}.{action.dest}", action.dest
                text = next(filter(None, map(said, names)), "")
                if isinstance(action, argparse._AppendAction):
                    text = said("repeatable", text=text)
                action.help = text.replace("%", "%%")
        layout.add_usage(None, self._actions, self._mutually_exclusive_groups, f"{said('usage')} ")
        layout.add_text(layout.wrapped(said(command)))
        for group in self._action_groups:
            layout.start_section(said(str(group.title)))
            layout.add_arguments(group._group_actions)
            layout.end_section()
        if self.examples:
            lines = [said("examples")]
            for number, example in enumerate(self.examples, 1):
                lines.append(f"  {self.prog} {example}")
                if text := said(f"{command}.example.{number}") or said(example.split()[0]):
                    lines.append(layout.wrapped(text, 6))
            layout.add_text("\n".join(lines))
        if note := said(f"{command}.note"):
            layout.add_text(layout.wrapped(note))
        return layout.format_help()

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse says nothing of a disk that is full
        (file or sys.stdout).write(message)


def command_parser(name: str, *examples: str, grouped: bool = False) -> Parser:
    """Return the parser of one command, with ``--help`` and ``--lang`` unless its options are ``grouped``."""
    parser = Parser(
        prog=f"metricsheet {name}",
        formatter_class=_Layout,
        allow_abbrev=False,
        add_help=False,
        exit_on_error=False,
    )
    parser._positionals.title, parser._optionals.title = "arguments", "options"
    parser.examples = examples
    if not grouped:
        parser.add_argument("-h", "--help", action="help")
        parser.add_argument("--lang", metavar="LANG")
    return parser


def add_definitions_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--metrics``."""
    parser.add_argument("--metrics", metavar="PATH")


def add_repeated_option(parser: argparse._ActionsContainer, option: str, metavar: str) -> None:
    """Add an option that may be given several times."""
    parser.add_argument(option, action="append", default=[], metavar=metavar)


def load_definitions(path: str | None, *, benchmarks: Sequence[str] = (), lang: str | None = None) -> Catalog:
    """Return the definitions in use; name on standard error what was skipped."""
    from metricsheet.prepared import prepare

    catalog = prepare(path, benchmarks=benchmarks).catalog
    name_passed_over(catalog, lang)
    return catalog


def name_passed_over(catalog: Catalog, lang: str | None = None) -> None:
    """Say on standard error which nearer files of other programs are not the definitions used."""
    from metricsheet.options import language_of

    for name in catalog.passed_over:
        message = Message("foreign_definitions", name=name, path=str(catalog.path))
        sys.stderr.write(f"metricsheet: {say(message, language_of(lang, catalog))}\n")


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


def tell(message: Value, language: str) -> None:
    """Print a message on a line of its own."""
    from metricsheet.language.letters import steady

    sys.stdout.write(steady(f"{say(message, language)}\n"))


def tell_names(key: str, names: Sequence[str], language: str, *, listed: bool = True) -> None:
    """Print the word of ``key`` with how many things it holds for and the first of them, if there are any."""
    if names:
        shown = f" ({say(and_more(names, 8), language)})" if listed else ""
        word = say(Message(key), language)
        tell(f"  {labelled(word, f'{len(names)}{shown}', language)}", language)


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
