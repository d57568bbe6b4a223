"""Renders songs on several ComfyUI servers at once.

    python scripts/farm.py SONG... [--workflow F] [--servers URL,URL] [--output FOLDER] [--cluster ADDRESS]

The same as `python -m audio_loop.farm` of an installed pack. docs/farm.md describes it.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.farm.command import main

if __name__ == "__main__":
    sys.exit(main())
