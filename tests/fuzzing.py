"""Runs the fuzzers with new random cases until the time is over: ``python -m tests.fuzzing --minutes 5``.

Each round is a run of pytest over the tests marked ``fuzz``, with a seed of its own. Tests that a round has
not reached when the time is over are skipped. The first round that fails ends it; its seed repeats it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time


def one_round(seed: int, end: float | None = None) -> int:
    """Run every fuzzer once with ``seed``, those that start before ``end``; return what pytest returns."""
    command = [sys.executable, "-m", "pytest", "-m", "fuzz", f"--hypothesis-seed={seed}"]
    asked = {"METRICSHEET_TESTS": "fuzz", "METRICSHEET_SEED": str(seed)}
    if end is not None:
        asked["METRICSHEET_FUZZ_UNTIL"] = str(end)
    return subprocess.run(command, env={**os.environ, **asked}, check=False).returncode


def main() -> int:
    """Run rounds until the minutes are over; return 0 unless one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="start no test later than this (default 1)")
    parser.add_argument("--seed", type=int, help="run the one round with this seed")
    asked = parser.parse_args()
    if asked.seed is not None:
        return one_round(asked.seed)
    end = time.time() + 60 * asked.minutes
    rounds = 0
    while not rounds or time.time() < end:
        seed, rounds = random.SystemRandom().randrange(1_000_000), rounds + 1
        print(f"round {rounds}, seed {seed}", flush=True)  # noqa: T201
        failed = one_round(seed, end)
        if failed:
            print(f"repeat it with: make fuzz SEED={seed}")  # noqa: T201
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
