"""Swaps VAEDecodeTiled for LTXVTiledVAEDecode, whose tiles are spatial only.

python scripts/apply_ltx_decoder.py FILE [--dry-run]    change a graph; prints what changes
python scripts/apply_ltx_decoder.py FILE --revert       bring its bytes of before back
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.migrations import command
from audio_loop.workflow_graph.migrations.steps.ltx_decoder import migration

if __name__ == "__main__":
    sys.exit(command.main(migration))
