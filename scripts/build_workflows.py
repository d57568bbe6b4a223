"""Writes the shipped workflows from their Python: the UI form for the canvas and the API form for programs.

python scripts/build_workflows.py            write example_workflows/
python scripts/build_workflows.py --check    write nothing; fail if a file differs from what would be written
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import _bootstrap

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.shipped import catalogue, classic

FOLDER = _bootstrap.REPOSITORY / "example_workflows"


def files() -> Iterator[tuple[Path, bytes]]:
    """Every file and its bytes."""
    for name, build in catalogue.WORKFLOWS.items():
        yield FOLDER / f"{name}.json", document.dumps(catalogue.canvas(name))
        yield FOLDER / "api" / f"{name}.json", document.dumps(build().prompt())
    yield FOLDER / classic.FOLDER / f"{classic.NAME}.json", document.dumps(classic.workflow())


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args(arguments)
    stale = 0
    for path, data in files():
        same = path.is_file() and path.read_bytes() == data
        if options.check:
            stale += not same
            print(f"{'same ' if same else 'STALE'}  {path.relative_to(_bootstrap.REPOSITORY)}")
        elif not same:
            path.parent.mkdir(parents=True, exist_ok=True)
            document.save_bytes(data, path, replace=True)
            print(f"wrote  {path.relative_to(_bootstrap.REPOSITORY)}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
