"""Says whether the sizes in a graph are multiples of 32, or of 64 if it has two stages.

    python scripts/validate_workflow_resolution.py [FILE ...]    the shipped workflows without FILE

Exit status: 0 fine, 1 something to mend, 2 a file that cannot be read. The rule is `resolution` of scripts/audit_workflows.py.
"""

from __future__ import annotations

import argparse
import sys

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.audit import command


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="workflow files (the shipped ones)")
    parser.add_argument("--workflow", action="append", default=[], metavar="FILE", help="the same as FILE")
    options = parser.parse_args(arguments)
    return command.main(["--only", "resolution", "--verbose", "--", *options.files, *options.workflow])


if __name__ == "__main__":
    sys.exit(main())
