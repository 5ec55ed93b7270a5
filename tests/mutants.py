"""Change one thing at a time in what computes, and print each change that no test notices.

``python -m tests.mutants --count 60 --seed 1`` draws that many of the changes ("mutants") that mutmut makes
in the modules named in ``[tool.mutmut]`` of pyproject.toml, as many in each part of the package. For each one
mutmut runs the tests that reach the changed function. All of it happens in a copy of the project in a
temporary folder.

It needs mutmut, and a system that can fork. Functions are changed, constants of modules are not.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTICED = ("killed", "timeout")

# mutmut has no command that only makes mutants, so this calls its steps; hence the cap on its version
_MAKE = """
import os, sys
from mutmut import __main__ as steps
os.makedirs("mutants", exist_ok=True)
steps.copy_src_dir()
steps.copy_also_copy_files()
steps.setup_source_paths()
steps.create_mutants(int(sys.argv[1]))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and report. A survivor is no failure by itself: the change may make no difference to anybody."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--count", type=int, default=60, metavar="N", help="how many mutants (default: 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes at once (default: 2)")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="metricsheet-mutants-") as name:
        folder = Path(name)
        copy_project(folder)
        _python(folder, "-c", _MAKE, str(args.jobs))
        made = [mutant for mutant, _ in _results(folder)]
        chosen = choose(made, parts(), args.count, args.seed)
        _python(folder, "-m", "mutmut", "run", "--max-children", str(args.jobs), *chosen)
        results = {mutant: result for mutant, result in _results(folder) if mutant in chosen}
        for mutant, result in results.items():
            if result not in NOTICED:
                sys.stdout.write(_python(folder, "-m", "mutmut", "show", mutant) + "\n")
    noticed = sum(result in NOTICED for result in results.values())
    sys.stdout.write(f"{noticed} of {len(results)} mutants noticed ({len(made)} made, seed {args.seed})\n")
    return 0


def parts() -> list[str]:
    """Return the modules or packages to change, as the starts of their dotted names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns: list[str] = project["tool"]["mutmut"]["only_mutate"]
    return [
        pattern.removeprefix("src/").removesuffix("/*").removesuffix(".py").replace("/", ".")
        for pattern in patterns
    ]


def choose(made: Iterable[str], parts: Iterable[str], count: int, seed: int) -> list[str]:
    """Return ``count`` names of mutants, or all if there are fewer, taking turns between the parts."""
    draw = random.Random(seed)
    names = sorted(made)
    decks = [[name for name in names if name.startswith(f"{part}.")] for part in parts]
    for deck in decks:
        draw.shuffle(deck)
    return [name for name in chain.from_iterable(zip_longest(*decks)) if name is not None][:count]


def copy_project(folder: Path) -> None:
    """Copy all files that git knows or would add, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def _results(folder: Path) -> list[tuple[str, str]]:
    """Return every mutant with what became of it, ``not checked`` before the run."""
    lines = _python(folder, "-m", "mutmut", "results", "--all", "true").splitlines()
    return [(name.strip(), result) for name, _, result in (line.partition(": ") for line in lines) if result]


def _python(folder: Path, *arguments: str) -> str:
    """Run Python in the copy, with the same random examples each time and nothing shared between tests.

    Return what it printed.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "CI": "1", "METRICSHEET_CACHE": "off", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments[:3])} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
