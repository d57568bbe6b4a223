"""Shows what a render costs before it is made.

    python scripts/estimate.py WORKFLOW --audio F [--card "RTX 4090"] [--comfyui FOLDER]
    python scripts/estimate.py --table

docs/cost.md describes it. PyAV, which ComfyUI requires too, reads the song; the rest needs plain Python only.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.preflight.estimate_command import main

if __name__ == "__main__":
    sys.exit(main())
