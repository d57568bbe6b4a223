"""Adds AudioLoopHelperSageAttention behind the model, sets its mode, or removes it.

python scripts/apply_sage_mode.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_sage_mode.py FILE --revert       bring its bytes of before back
python scripts/apply_sage_mode.py FILE --mode auto
python scripts/apply_sage_mode.py FILE --remove
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.sage_mode import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
