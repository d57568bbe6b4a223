"""The command line of the harness: a table of sub-commands. Without the name of one, it is `run`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "run": "run_command",
    "report": "reporting.command",
    "bench": "bench.command",
    "sweep": "sweep_command",
}
"""Sub-command -> module of this package whose `main(arguments)` does it; imported when asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given.pop(0) if given and given[0] in COMMANDS else "run"
    module = importlib.import_module(f"{__package__}.{COMMANDS[name]}")
    status: int = module.main(given)
    return status
