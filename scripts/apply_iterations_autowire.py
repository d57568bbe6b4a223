"""Wires AudioLoopPlanner.total_iterations to TensorLoopOpen.iterations_in.

python scripts/apply_iterations_autowire.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_iterations_autowire.py FILE --revert       bring its bytes of before back
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.iterations_autowire import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
