"""Makes a song or a talk ready for LTX's audio encoder: filters, loudness, true peak, as a new WAV file.

    uv run --group analysis python scripts/preprocess_audio_for_ltx.py IN OUT [--trim-start S] [--trim-end S] [--preset NAME]
        [--target-lufs L] [--true-peak P] [--no-verify] [--plot PNG]

docs/audio.md describes it. It needs PyAV, numpy and scipy, which ComfyUI requires too, and no torch.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

try:
    from audio_loop.audio.preparing.command import main
except ModuleNotFoundError as error:
    sys.exit(f"error: {error}; run it by `uv run --group analysis python {sys.argv[0]} ...`, or `pip install av numpy scipy`")

if __name__ == "__main__":
    sys.exit(main())
