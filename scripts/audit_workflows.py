"""Looks for what goes wrong in a render, before it is made. Needs plain Python only.

    python scripts/audit_workflows.py [FILE ...] [--list] [--only RULE] [--skip RULE] [--json] [--strict] [-v]

Without files it looks at the workflows that come with Audio Loop. docs/audit.md describes the rules.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.audit.command import main
from audio_loop.workflow_graph.mending.tried import with_tried_commands

if __name__ == "__main__":
    sys.exit(main(improve=with_tried_commands))
