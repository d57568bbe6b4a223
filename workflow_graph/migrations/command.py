"""The command line that all migration scripts share.

Exit status: 0 done, or nothing to do; 1 a migration or its reversal does not fit a file; 2 no file is named, or one cannot be
read or written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .. import document as documents
from ..console import exit_status
from ..document import Document, DocumentError
from . import chain, files
from .chain import Outcome
from .migration import Migration, MigrationError

EXAMPLES = Path(__file__).resolve().parents[2] / "example_workflows"
NO_FILE = "no file is named: this only shows what would become of the shipped workflows; to change a file: {call}"
CHAIN = "migrate"
"""Name of a run of the whole chain among the kept steps."""


def shipped() -> list[Path]:
    """The shipped workflows in UI form, the classic ones among them."""
    return sorted([*EXAMPLES.glob("*.json"), *(EXAMPLES / "classic").glob("*.json")])


def add_arguments(parser: argparse.ArgumentParser, migration: Migration | None) -> None:
    """Adds files, --dry-run, --revert, -o and the migration's own options; `None` stands for the whole chain."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="workflows to change in place; without any, says what would change in the shipped ones and writes nothing",
    )
    name = parser.prog if " " in parser.prog else f"python scripts/{parser.prog}"
    parser.set_defaults(call=f"{name} FILE")
    parser.add_argument("--dry-run", action="store_true", help="say what would change; write nothing")
    parser.add_argument("--revert", action="store_true", help="bring back the bytes of before, or take the change back")
    parser.add_argument("-o", "--output", type=Path, help="write to this file and leave FILE as it is (one FILE only)")
    parser.add_argument(
        "--force", action="store_true", help="with -o: replace that file; with --revert: also if FILE was saved since"
    )
    for option in migration.options if migration else ():
        flag = f"--{option.name.replace('_', '-')}"
        if isinstance(option.default, bool):
            parser.add_argument(flag, action="store_true", default=option.default, help=option.help)
        else:
            choices = option.choices or None
            text = f"{option.help} (default: {option.default})"
            parser.add_argument(flag, type=type(option.default), choices=choices, default=option.default, help=text)


def run(options: argparse.Namespace, migration: Migration | None) -> int:
    """Works on the named files; one bad file does not keep the others from their turn."""
    paths, named = list(options.files), bool(options.files)
    if options.output is not None and (len(paths) != 1 or options.revert):
        _complain("-o takes exactly one FILE, and does not go with --revert")
        return 2
    write = named and not options.dry_run
    if not named:
        paths = shipped()
        _say(NO_FILE.format(call=options.call))
    if migration is not None and migration.warning and not options.revert:
        _complain(f"note: {migration.warning}")
    worst = 0 if named else 2
    for path in paths:
        try:
            if options.revert:
                _revert(path, options, migration, write=write)
            else:
                _apply(path, options, migration, write=write)
        except MigrationError as error:
            _complain(f"{path}: {error}")
            worst = max(worst, 1)
        except (DocumentError, ValueError) as error:
            text = str(error)
            _complain(f"error: {text if str(path) in text else f'{path}: {text}'}")
            worst = 2
    return worst


def main(migration: Migration, arguments: Sequence[str] | None = None) -> int:
    """The whole of a script for one migration."""
    parser = argparse.ArgumentParser(description=f"{migration.summary[0].upper()}{migration.summary[1:]}.")
    add_arguments(parser, migration)
    options = parser.parse_args(arguments)
    return exit_status(lambda: run(options, migration))


def _chosen(options: argparse.Namespace, migration: Migration) -> dict[str, Any]:
    return {option.name: getattr(options, option.name) for option in migration.options}


def _work(options: argparse.Namespace, migration: Migration | None, document: Document) -> Outcome:
    return chain.migrate(document) if migration is None else chain.apply(document, migration, _chosen(options, migration))


def _apply(path: Path, options: argparse.Namespace, migration: Migration | None, *, write: bool) -> None:
    work = partial(_work, options, migration)
    if options.output is not None:
        outcome = work(documents.load_workflow(path))
        if write:
            documents.save(outcome.document, options.output, replace=options.force)
        report(path, outcome, "would go to" if not write else "written to", options.output)
        return
    outcome = files.change(path, work, migration.name if migration else CHAIN, write=write)
    report(path, outcome, "changed" if write else "would change")


def report(path: Path, outcome: Outcome, verb: str, output: Path | None = None) -> None:
    """Prints what was done to a file: remarks, names of the steps, repairs, changes.

    Args:
        path: The file.
        outcome: The result.
        verb: The file's fate, such as "changed".
        output: The file that was written instead.
    """
    for remark in outcome.remarks:
        _say(f"{path}: {remark}")
    if not outcome.made:
        _say(f"{path}: already as it should be{f'; {verb} {output} as it is' if output else ''}")
        return
    _say(f"{path}: {verb}{f' {output}' if output else ''} ({', '.join(outcome.made)})")
    # The comparison leaves out places and sizes.
    changes = [str(change) for change in outcome.changes] or ["what differs is nothing that the comparison shows"]
    for text in (*(f"repaired first: {repair}" for repair in outcome.repairs), *changes):
        _say(f"  {text}")


def _revert(path: Path, options: argparse.Namespace, migration: Migration | None, *, write: bool) -> None:
    name = migration.name if migration else CHAIN
    if options.force and write and files.force_restore(path, name):
        _say(f"{path}: its bytes of before {name} are back; what it held until now is kept in {files.undo_path(path).name}")
        return
    if files.restore(path, name, write=write):
        _say(f"{path}: its bytes of before {name} {'are' if write else 'would be'} back")
        return
    if migration is None or migration.downgrade is None:
        steps = [step.name for step in files.read(path.resolve())]
        if name in steps:
            raise MigrationError(f"{steps[-1]} was made after {name}; take that back first")
        documents.load_workflow(path)
        _say(f"{path}: {name} was not made here; nothing to take back")
        return
    chosen = _chosen(options, migration)
    outcome = files.change(
        path, lambda document: chain.take_back(document, migration, chosen), f"{name}, taken back", write=write
    )
    report(path, outcome, "taken back in" if write else "would be taken back in")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
