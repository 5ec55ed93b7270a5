"""The process behind ``tests.hosts.office_js.on_python``: answers questions as xlwings Server does."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.hosts.office_js_cells import ask


def main(file: str, answers: str) -> None:
    """Answer every question of a file into another one, and say how long those that count took."""
    from xlwings import server

    from excel_addin import server as functions

    loop = asyncio.new_event_loop()

    def call(asked: dict[str, Any]) -> Any:
        return loop.run_until_complete(server.custom_functions_call(asked, functions))

    given = json.loads(Path(file).read_text(encoding="utf-8"))
    for name, arguments in given["before"]:
        ask(call, name, arguments)
    began = time.perf_counter()
    found = [ask(call, name, arguments) for name, arguments in given["questions"]]
    said = {"answers": found, "seconds": time.perf_counter() - began}
    Path(answers).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
