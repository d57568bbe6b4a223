"""Says what is wrong with a finished video, why, and what mends it.

    python scripts/doctor.py VIDEO|RUN_FOLDER [--workflow F] [--audio F] [--schedule F] [--report [F]] [--json [F]] [--figures]

docs/doctor.md describes it. PyAV, NumPy, SciPy and Pillow, which ComfyUI requires too, are all that it needs.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.doctor.command import main

if __name__ == "__main__":
    sys.exit(main())
