"""Command line: `python -m audio_loop.workflow_graph COMMAND FILE`."""

from __future__ import annotations

import sys

from .command_line import main

if __name__ == "__main__":
    sys.exit(main())
