"""`python -m audio_loop.workflow_graph` from an uninstalled clone: show, fmt, check, repair, diff, to-api, unfold and more."""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.command_line import main

if __name__ == "__main__":
    sys.exit(main())
