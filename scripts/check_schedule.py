"""Checks a schedule that somebody, or a language model, wrote for a song; what it prints can be sent back.

    python scripts/check_schedule.py SCHEDULE --audio F [--subject TEXT] [--first-prompt TEXT] [--json] [--strict]

docs/schedules.md describes it. In an environment without torch: `uv run --group analysis python scripts/check_schedule.py ...`.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.analysis_report.check_command import main

if __name__ == "__main__":
    sys.exit(main())
