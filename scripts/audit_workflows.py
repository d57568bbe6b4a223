"""Looks for what goes wrong in a render, before it is made. Needs plain Python only.

    python scripts/audit_workflows.py [FILE ...] [--list] [--only RULE] [--skip RULE] [--json] [--strict] [-v]

Without files it looks at the workflows that come with Audio Loop. docs/audit.md describes the rules.
"""

from __future__ import annotations

import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.audit.command import main

if __name__ == "__main__":
    sys.exit(main())
