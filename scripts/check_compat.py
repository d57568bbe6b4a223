"""Whether a ComfyUI has what Audio Loop uses of it: each symbol, with the arguments that it is given.

    python scripts/check_compat.py PATH_TO_COMFYUI [--json]

docs/compatibility.md describes it, and `--docs DATE` with several folders writes that page. Both sides are read as text, with
plain Python only.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.compatibility.command import main

if __name__ == "__main__":
    sys.exit(main())
