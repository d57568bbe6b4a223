"""Shows what a render will be, and what is wrong with it, before anything is sampled.

    python scripts/preflight.py WORKFLOW [--audio F] [--comfyui FOLDER] [--json] [--strict]

docs/preflight.md describes it. PyAV, which ComfyUI requires too, reads the song; the rest needs plain Python only.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.preflight.command import main

if __name__ == "__main__":
    sys.exit(main())
