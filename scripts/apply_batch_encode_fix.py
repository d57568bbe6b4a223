"""Encodes all prompts once before the loop instead of loading the text encoder in every iteration.

python scripts/apply_batch_encode_fix.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_batch_encode_fix.py FILE --revert       bring its bytes of before back
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.batch_encode import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
