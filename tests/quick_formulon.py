"""formulon, which is WebAssembly: in ``make test`` by the compiler that compiles ten times as fast."""

from __future__ import annotations

import formulon
import wasmtime
from wasmtime import _bindings

from tests.stages import STAGE

WINCH = 2
"""The number of that compiler; ``Config.strategy`` has no name for it."""
_usual = wasmtime.Engine


def _engine() -> wasmtime.Engine:
    quick = wasmtime.Config()
    _bindings.wasmtime_config_strategy_set(quick.ptr(), WINCH)
    try:
        return _usual(quick)
    except wasmtime.WasmtimeError:  # there is none for this machine
        return _usual()


if STAGE == "test":
    wasmtime.Engine = _engine  # type: ignore[misc, assignment]

__all__ = ["formulon"]
