"""Hears a song: tempo, key, sections, voice, sound, and writes a schedule of prompts for it, ready to paste.

    uv run --group analysis python scripts/analyze_audio_features.py AUDIO [-s SUBJECT] [--image-desc TEXT] [--style NAME]
        [--scene-diversity 1a..6b] [--montage] [--kind NAME] [--window S] [--overlap S] [--fps N] [-t TRIM] [--vocal-track F]
        [-o MD] [-j JSON] [--png-dir DIR]

docs/schedules.md describes it. It needs PyAV, numpy and scipy, as ComfyUI does, matplotlib for pictures, and no torch.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

try:
    from audio_loop.analysis_report.command import main
except ModuleNotFoundError as error:
    sys.exit(f"error: {error}; run it by `uv run --group analysis python {sys.argv[0]} ...`, or `pip install av numpy scipy`")

if __name__ == "__main__":
    sys.exit(main())
