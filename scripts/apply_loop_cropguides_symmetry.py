"""Crops guide positions before the loop's guider; says what harm that does.

python scripts/apply_loop_cropguides_symmetry.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_loop_cropguides_symmetry.py FILE --revert       bring its bytes of before back
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.loop_cropguides_symmetry import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
