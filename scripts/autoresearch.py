"""Renders a fixture, judges the video and keeps what was measured; experiments, sweeps and their report.

    python scripts/autoresearch.py --fixture F --preflight
    python scripts/autoresearch.py --fixture F --tier 1 --description "tier-1 smoke test"
    python scripts/autoresearch.py sweep EXPERIMENT.toml --fixture F

The same as `python -m audio_loop.autoresearch` of an installed pack. docs/experiments.md describes it.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.autoresearch.command import main

if __name__ == "__main__":
    sys.exit(main())
