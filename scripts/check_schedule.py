"""Checks a schedule that somebody, or a language model, wrote for a song; what it prints can be sent back.

    python scripts/check_schedule.py SCHEDULE --audio F [--subject TEXT] [--first-prompt TEXT] [--json] [--strict]

docs/schedules.md describes it. In an environment without torch: `uv run --group analysis python scripts/check_schedule.py ...`.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

try:
    from audio_loop.analysis_report.check_command import main
except ModuleNotFoundError as error:
    sys.exit(f"error: {error}; run it by `uv run --group analysis python {sys.argv[0]} ...`, or `pip install av numpy scipy`")

if __name__ == "__main__":
    sys.exit(main())
