"""`mend FILE ...`: everything that can be mended without asking, and what is left.

Exit status: 0 no error is left, 1 one is, 2 a file cannot be read or written, or none was named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import document as documents
from ..audit import report as audit_report
from ..audit.engine import audit
from ..audit.rule import Severity
from ..document import DocumentError
from ..migrations import files
from ..migrations.chain import Outcome
from ..migrations.command import report
from .mend import mend
from .tried import with_tried_commands

STEP = "mend"
"""Its name among the kept steps of a file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds files, --dry-run, --revert and -o."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="workflows to mend in place")
    parser.add_argument("--dry-run", action="store_true", help="say what would change; write nothing")
    parser.add_argument("--revert", action="store_true", help="bring back the bytes of before")
    parser.add_argument("-o", "--output", type=Path, help="write to this file and leave FILE as it is (one FILE only)")
    parser.add_argument("--force", action="store_true", help="with -o: replace that file")


def run(options: argparse.Namespace) -> int:
    """Works on the named files; one bad file does not keep the others from their turn."""
    if not options.files:
        sys.stderr.write("error: name the FILE to mend: python scripts/workflow.py mend FILE\n")
        return 2
    if options.output is not None and (len(options.files) != 1 or options.revert):
        sys.stderr.write("error: -o takes exactly one FILE, and does not go with --revert\n")
        return 2
    worst = 0
    for path in options.files:
        try:
            worst = max(worst, _revert(path, options) if options.revert else _mend(path, options))
        except (DocumentError, ValueError) as error:
            text = str(error)
            sys.stderr.write(f"error: {text if str(path) in text else f'{path}: {text}'}\n")
            worst = 2
    return worst


def _mend(path: Path, options: argparse.Namespace) -> int:
    outcome = _written(path, options)
    found = with_tried_commands(audit(outcome.document), outcome.document)
    where = str(options.output or path)
    if found.reported or found.obstacle is not None:
        sys.stdout.write("what is left:\n" + audit_report.as_text(where, found))
    else:
        sys.stdout.write(f"{where}: nothing is left\n")
    return int(found.count(Severity.ERR) > 0 or found.obstacle is not None)


def _written(path: Path, options: argparse.Namespace) -> Outcome:
    if options.output is None:
        outcome = files.change(path, mend, STEP, write=not options.dry_run)
        report(path, outcome, "would change" if options.dry_run else "changed")
        return outcome
    outcome = mend(documents.load_workflow(path))
    if not options.dry_run:
        documents.save(outcome.document, options.output, replace=options.force)
    report(path, outcome, "would go to" if options.dry_run else "written to", options.output)
    return outcome


def _revert(path: Path, options: argparse.Namespace) -> int:
    if files.restore(path, STEP, write=not options.dry_run):
        verb = "would be" if options.dry_run else "are"
        sys.stdout.write(f"{path}: its bytes of before {STEP} {verb} back\n")
        return 0
    sys.stderr.write(f"{path}: {STEP} was not the last thing made here; nothing to take back\n")
    return 1
