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

COMMANDS = (
    *("evaluate", "demo", "map", "check", "test", "list", "explain", "export", "portable", "schema"),
    *("translate", "mcp", "addin", "doctor", "init"),
)

EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_UNREADABLE = range(4)


def help_text(language: str = "en") -> str:
    """Return what ``metricsheet --help`` prints."""
    from metricsheet.language.message import say_help
    from metricsheet.report.columns import padded, width, wrapped

    def text(name: str) -> str:
        return say_help(name, language)

    def rows(*pairs: tuple[str, str], cells: int = 80) -> list[str]:
        gap = max(width(name) for name, _ in pairs) + 2
        return [
            padded("" if number else name, gap) + line
            for name, said in pairs
            for number, line in enumerate(wrapped(said, cells - gap))
        ]

    calls = ("COMMAND [OPTIONS]", ""), ("FILE [OPTIONS]", text("as_evaluate"))
    usage = text("usage") + " "
    first, *others = rows(*((f"metricsheet {a}", b) for a, b in calls), cells=80 - width(usage))
    exits = [(f"  {code}", text(f"exit.{code}")) for code in range(EXIT_UNREADABLE + 1)]
    lines = [
        *(usage + first, *(" " * width(usage) + line for line in others), ""),
        *(*wrapped(text("metricsheet"), 80), "", text("commands")),
        *(*rows(*((f"  {name}", text(name)) for name in COMMANDS)), ""),
        *rows(("metricsheet COMMAND --help", text("options_of")), ("metricsheet --version", text("version"))),
        *("", text("exit_codes"), *rows(*exits, ("", text("exit.note")))),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


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
    language = asked_language(arguments)
    behind = pairwise(("", *arguments))
    words = [word for before, word in behind if "--lang" not in (before, word.partition("=")[0])]
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(help_text(language))
        return EXIT_OK if words else EXIT_USAGE
    if words[0] in ("-V", "--version"):
        from metricsheet.cli.about import about

        sys.stdout.write(about(language, more=bool({"-v", "--verbose"}.intersection(words))))
        return EXIT_OK
    from metricsheet.errors import UsageError, did_you_mean
    from metricsheet.language.message import Message

    hint = did_you_mean(words[0], COMMANDS) or Message("commands_are", names=tuple(COMMANDS))
    raise UsageError(Message("not_a.command", name=words[0]), hint)


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
        return _told(said, error, asked_language(arguments))


def asked_language(arguments: list[str]) -> str:
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
    # only words that are loaded already: nothing may be imported here
    words = sys.modules.get(f"metricsheet.language.{asked_language(sys.argv)}")
    said = getattr(words, "MESSAGES", {}).get("stopped", "stopped")
    try:
        os.write(2, f"{said}\n".encode(getattr(sys.__stderr__, "encoding", None) or "utf-8", "replace"))
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
        from metricsheet.language.message import Message, say

        closed = say(Message("output_closed"), asked_language(sys.argv))
        sys.stderr.write(f"metricsheet: {closed}\n")
        sys.exit(EXIT_UNREADABLE)
    code = main()
    # and at the end it all goes with the process: nothing needs to be looked through
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
