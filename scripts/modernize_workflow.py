"""Makes a graph with other packs' nodes into one that needs ComfyUI and Audio Loop alone, and says what is lost.

    python scripts/modernize_workflow.py FILE -o OUT    writes OUT; FILE stays as it is
    python scripts/modernize_workflow.py FILE           only says what would become of it
    python scripts/modernize_workflow.py                says what would become of the shipped classic graph

Exit status: 0 everything was carried over, 1 something was not (it is listed; OUT is written), 2 no file is named, or one
cannot be read or written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import _bootstrap

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.console import command_line
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.migrations.command import NO_FILE
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

CLASSIC = _bootstrap.REPOSITORY / "example_workflows" / "classic"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="the graph to read")
    parser.add_argument("-o", "--output", type=Path, help="where the new graph goes")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")
    return parser


def _run(path: Path, options: argparse.Namespace) -> int:
    outcome = modernize(document.load_workflow(path))
    lines = [f"repaired first: {repair}" for repair in outcome.repairs] + [str(change) for change in outcome.changes]
    sys.stdout.write("".join(f"  {line}\n" for line in lines) if outcome.made else f"{path}: nothing to replace\n")
    if options.output is not None and not options.dry_run:
        document.save(outcome.document, options.output, replace=options.force)
        sys.stdout.write(f"{path}: written to {options.output}\n")
    for remark in outcome.remarks:
        sys.stdout.write(f"not carried over: {remark}\n")
    return 1 if outcome.remarks else 0


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.file is None and options.output is not None:
        sys.stderr.write("error: -o needs the FILE to read\n")
        return 2
    status = 0
    if options.file is None:
        sys.stdout.write(f"{NO_FILE.format(call='python scripts/modernize_workflow.py FILE -o OUT')}\n")
        status = 2
    for path in [options.file] if options.file else sorted(CLASSIC.glob("*.json")):
        try:
            with command_line():
                status = max(status, _run(path, options))
        except (DocumentError, ValueError) as error:
            sys.stderr.write(f"error: {error}\n")
            status = 2
        except BrokenPipeError:
            return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
