"""Puts profiling nodes around the loop, or removes them.

python scripts/apply_profiling_nodes.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_profiling_nodes.py FILE --revert       bring its bytes of before back
python scripts/apply_profiling_nodes.py FILE --remove
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.profiling_nodes import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
