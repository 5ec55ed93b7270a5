"""``metricsheet``: picks the command and turns every foreseen problem into a message and an exit code.

Nothing heavy is imported before a command is chosen, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from itertools import pairwise

TYPE_CHECKING = False  # as in metricsheet/__init__.py
if TYPE_CHECKING:
    from typing import TextIO

COMMANDS = {
    "evaluate": "evaluate workbooks, CSV files or folders: metrics, statuses, findings",
    "demo": "evaluate the example that comes with metricsheet",
    "map": "write where each input of a file was found, as a mapping file to edit",
    "check": "check the definitions and list everything that is wrong",
    "test": "run the examples of all metrics and the tests of all rules",
    "list": "list the active metrics, inputs, rules or benchmarks",
    "explain": "explain a metric, input or rule: its meaning, source and thresholds",
    "export": "write metrics as workbook functions (LAMBDA), SQL or dbt models, or results as tables",
    "portable": "replace the add-in's functions in a copy of a workbook by names or values",
    "schema": "print the JSON Schema of definitions, rules, translations or results",
    "translate": "list the texts that lack a language, as a file for a translator",
    "mcp": "serve the definitions and a folder's files to an assistant (Model Context Protocol)",
    "addin": "build or install the worksheet functions for Excel or LibreOffice",
    "doctor": "check installed functions, or those in a workbook, and say how to fix them",
    "init": "write a small metrics.yaml of your own to start from",
}

EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_UNREADABLE = range(4)

_HELP = """usage: metricsheet COMMAND [options]
       metricsheet FILE [options]     the same as metricsheet evaluate FILE

One definition per customer-lifecycle metric, the same answer in every host.

commands:
{commands}

metricsheet COMMAND --help   the options of a command
metricsheet --version        the version, the definitions in use and the extras installed (-v: where)

exit codes: 0 success
            1 --fail-on, a --require without a value, nothing computed, failed tests
            2 wrong usage, or an option that fits no source
            3 definitions or an input could not be read
            The highest one counts. What can be computed is written in any case.
"""


def help_text() -> str:
    """Return what ``metricsheet --help`` prints."""
    lines = [f"  {name:<10}{text}" for name, text in COMMANDS.items()]
    return _HELP.format(commands="\n".join(lines))


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return its exit code; messages go to standard error."""
    arguments = sys.argv[1:] if argv is None else argv
    name = arguments[0] if arguments else ""
    if name in COMMANDS:
        arguments = arguments[1:]
    elif name and not name.startswith("-") and os.path.exists(name):
        name = "evaluate"
    else:
        return _run_command("", arguments)
    from metricsheet.language.option import COMMAND_LINE, in_host

    with in_host(COMMAND_LINE):
        return _run_command(name, arguments)


def _without_command(arguments: list[str]) -> int:
    """Say what there is to know without a command, or what is no command."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(help_text())
        return EXIT_OK if arguments else EXIT_USAGE
    if arguments[0] in ("-V", "--version"):
        from metricsheet.cli.about import about

        sys.stdout.write(about(more=bool({"-v", "--verbose"}.intersection(arguments))))
        return EXIT_OK
    from metricsheet.errors import UsageError, did_you_mean
    from metricsheet.language.message import Message

    hint = did_you_mean(arguments[0], COMMANDS) or Message("commands_are", names=tuple(COMMANDS))
    raise UsageError(Message("not_a.command", name=arguments[0]), hint)


def _run_command(name: str, arguments: list[str]) -> int:
    import importlib

    said = f"metricsheet {name}".rstrip()
    code: int = EXIT_OK
    try:
        run = importlib.import_module(f"metricsheet.cli.{name}_command").run if name else _without_command
        try:
            code = run(arguments)
        except SystemExit as end:  # the parser has shown its help
            code = end.code if isinstance(end.code, int) else EXIT_OK
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        forget_output()
        return code
    except OSError as error:
        sys.stderr.write(f"{said}: {(error.strerror or str(error)).lower()}\n")
        forget_output()
        return EXIT_UNREADABLE
    except Exception as error:
        return _told(said, error, _language(arguments))


def _language(arguments: list[str]) -> str:
    """Return the language that ``--lang`` asks for, before anything else is known of a command line."""
    asked = [word.partition("=")[2] for word in arguments if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(arguments) if word == "--lang"]
    return asked[-1].lower().replace("_", "-").partition("-")[0] if asked else "en"


def _told(said: str, error: Exception, language: str) -> int:
    """Report a problem that was foreseen, and return its exit code."""
    from metricsheet.errors import DefinitionError, UsageError, WorkbookError, hint_line
    from metricsheet.language.message import Message, say

    if isinstance(error, DefinitionError):
        errors = sum(1 for d in error.diagnostics if d.severity == "error")
        told = "\n".join(diagnostic.render(language) for diagnostic in error.diagnostics)
        counted = say(Message("errors_in_definitions", count=errors), language)
        sys.stderr.write(f"{told}\n\n{counted}\n")
        return EXIT_UNREADABLE
    if not isinstance(error, (UsageError, WorkbookError)):
        raise error
    code = f"error[{error.code}]: " if isinstance(error, WorkbookError) else ""
    sys.stderr.write(f"{said}: {code}{say(error.message, language)}\n")
    if error.hint:
        sys.stderr.write(f"  {hint_line(error.hint, language)}\n")
    return EXIT_UNREADABLE if code else EXIT_USAGE


def forget_output() -> None:
    """Send what is still to be printed nowhere: its reader has gone, and Python must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Complaints:
    """Standard error that steers no terminal, and that may be closed or full: the exit code counts then."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` if that can be done."""
        from metricsheet.language.letters import steady

        try:
            if self._stream is not None:
                self._stream.write(steady(text))
        except OSError:
            self._stream = None
        return len(text)

    def flush(self) -> None:
        """Do nothing: what is written here is out."""


def _end(number: int, _: object) -> None:
    """End at once, wherever the program is: nothing else could keep a library from passing an error over."""
    atomic = sys.modules.get("metricsheet.report.atomic")
    for path in atomic.MADE if atomic else ():
        try:
            os.unlink(path)
        except OSError:
            continue
    try:
        os.write(2, b"stopped\n")
    finally:
        os._exit(128 + number)


def run() -> None:
    """Run the console script."""
    import gc
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    # nearly all that a command makes lives as long as it runs: looking for garbage less often saves a tenth
    gc.set_threshold(100_000, 20, 100)
    sys.stderr = _Complaints(sys.stderr)
    if sys.stdout is None:  # closed by the caller: there is no place for a report
        sys.stderr.write("metricsheet: standard output is closed\n")
        sys.exit(EXIT_UNREADABLE)
    code = main()
    # and at the end it all goes with the process: nothing needs to be looked through
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
