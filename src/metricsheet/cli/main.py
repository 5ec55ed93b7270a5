"""``metricsheet``: picks the command and turns every foreseen problem into a message and an exit code.

Nothing heavy is imported before a command is chosen, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys

COMMANDS = {
    "evaluate": "metrics, statuses and findings of workbooks, CSV files or whole folders",
    "demo": "the same of the example that comes with metricsheet",
    "map": "where each input of a file was found, as a mapping file to edit",
    "check": "read the definitions and say everything that is wrong with them",
    "test": "run the examples of all metrics and the tests of all rules",
    "list": "metrics, inputs or rules in force",
    "explain": "what a metric or rule means, where it comes from and when it changes colour",
    "schema": "JSON Schema of the definitions, the rules, the translations or the results",
    "translate": "list the texts that lack a language, as a file for a translator",
    "init": "write a small metrics.yaml of your own to start from",
}

EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_UNREADABLE, EXIT_STOPPED = 0, 1, 2, 3, 130

_HELP = """usage: metricsheet COMMAND [options]
       metricsheet FILE [options]     the same as metricsheet evaluate FILE

One definition per customer-lifecycle metric, the same answer in every host.

commands:
{commands}

metricsheet COMMAND --help   the options of a command
metricsheet --version        the version, the definitions in use and the extras installed

exit codes: 0 clean
            1 --fail-on, a --require without a value, nothing computed, failed tests
            2 usage, or an option that fits no source
            3 definitions or an input could not be read
            The highest counts; what can be computed is computed and written all the same.
"""


def help_text() -> str:
    """Return what ``metricsheet --help`` prints."""
    lines = [f"  {name:<10}{text}" for name, text in COMMANDS.items()]
    return _HELP.format(commands="\n".join(lines))


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return its exit code; messages go to standard error."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(help_text())
        return EXIT_OK if arguments else EXIT_USAGE
    if arguments[0] in ("-V", "--version"):
        from metricsheet.cli.about import about

        sys.stdout.write(about())
        return EXIT_OK
    name = arguments[0]
    if name not in COMMANDS and os.path.exists(name):
        return _run_command("evaluate", arguments)
    if name not in COMMANDS:
        return _unknown_command(name)
    return _run_command(name, arguments[1:])


def _unknown_command(name: str) -> int:
    from metricsheet.errors import did_you_mean

    hint = did_you_mean(name, COMMANDS) or f"one of {', '.join(COMMANDS)}"
    sys.stderr.write(f"metricsheet: {name!r} is not a command\n  hint: {hint}\n")
    return EXIT_USAGE


def _run_command(name: str, arguments: list[str]) -> int:
    import importlib

    from metricsheet.errors import DefinitionError, UsageError, WorkbookError

    module = importlib.import_module(f"metricsheet.cli.{name}_command")
    code: int = EXIT_OK
    try:
        code = module.run(arguments)
        sys.stdout.flush()
        return code
    except UsageError as error:
        sys.stderr.write(f"metricsheet {name}: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"  hint: {error.hint}\n")
        return EXIT_USAGE
    except DefinitionError as error:
        errors = sum(1 for d in error.diagnostics if d.severity == "error")
        sys.stderr.write(f"{error}\n\n{errors} error{'s' if errors != 1 else ''} in the definitions\n")
        return EXIT_UNREADABLE
    except WorkbookError as error:
        sys.stderr.write(f"metricsheet {name}: error[{error.code}]: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"  hint: {error.hint}\n")
        return EXIT_UNREADABLE
    except BrokenPipeError:
        forget_output()
        return code
    except OSError as error:
        sys.stderr.write(f"metricsheet {name}: {(error.strerror or str(error)).lower()}\n")
        forget_output()
        return EXIT_UNREADABLE


def forget_output() -> None:
    """Send what is still to be printed nowhere: its reader has gone, and Python must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """Run the console script."""
    import gc

    # nearly all that a command makes lives as long as it runs: looking for garbage less often saves a tenth
    gc.set_threshold(100_000, 20, 100)
    try:
        if sys.stdout is None:  # closed by the caller: there is no place for a report
            sys.stderr.write("metricsheet: standard output is closed\n")
            sys.exit(EXIT_UNREADABLE)
        code = main()
        # and at the end it all goes with the process: nothing needs to be looked through
        gc.freeze()
    except KeyboardInterrupt:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.write("stopped\n")
        code = EXIT_STOPPED
    sys.exit(code)


if __name__ == "__main__":
    run()
