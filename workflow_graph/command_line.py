"""The commands show, fmt, check, audit, mend, repair, migrate, diff, to-api, fold, unfold; further ones go into `COMMANDS`.

Exit status: 0 fine, 1 something was found (a difference, a file not in canonical form, a broken invariant), 2 the input is
bad; then one line on stderr says what is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import document as documents
from .audit import command as audit_command
from .console import exit_status, write_bytes
from .document import DocumentError
from .frontend.to_api import convert
from .links import node_id


@dataclass(frozen=True)
class Command:
    """One subcommand.

    Attributes:
        name: As typed.
        summary: One line for the list of commands.
        arguments: Adds its arguments to a parser.
        run: Does the work; returns the exit status.
    """

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _write(text: str) -> None:
    sys.stdout.write(text)


def _one_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def _show(options: argparse.Namespace) -> int:
    from .show import show

    _write(show(documents.load(options.file), width=options.width))
    return 0


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _one_file(parser)
    parser.add_argument("--width", type=int, default=100, help="longest value shown, in characters (100)")


def each_file(files: Sequence[Path], work: Callable[[Path], int]) -> int:
    """Runs `work` on every file; one bad file is reported and does not keep the others from their turn.

    Returns:
        The highest exit status.
    """
    worst = 0
    for path in files:
        try:
            worst = max(worst, work(path))
        except DocumentError as error:
            sys.stderr.write(f"error: {error}\n")
            worst = 2
    return worst


def _fmt(options: argparse.Namespace) -> int:
    def work(path: Path) -> int:
        document = documents.load(path)
        documents.kind(document, name=str(path))
        data = documents.dumps(document)
        if data == path.read_bytes():
            return 0
        if not options.check:
            documents.save_bytes(data, path, replace=True)
        _write(f"{'not canonical' if options.check else 'rewritten'}: {path}\n")
        return 1 if options.check else 0

    return each_file(options.files, work)


def _fmt_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file is not in canonical form")


def _check(options: argparse.Namespace) -> int:
    from .invariants import check

    def work(path: Path) -> int:
        found = check(documents.load_workflow(path))
        _write("".join(f"{path}: {violation}\n" for violation in found))
        return 1 if found else 0

    return each_file(options.files, work)


def _diff(options: argparse.Namespace) -> int:
    from .diff import diff

    changes = diff(documents.load(options.old), documents.load(options.new))
    _write("".join(f"{change}\n" for change in changes))
    return 1 if changes else 0


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)


def _to_api(options: argparse.Namespace) -> int:
    conversion = convert(documents.load_workflow(options.file))
    for note in conversion.notes:
        sys.stderr.write(f"note: {note}\n")
    if options.output is None:
        write_bytes(documents.dumps(conversion.prompt))
    else:
        documents.save(conversion.prompt, options.output, replace=options.force)
    return 0


def _to_api_arguments(parser: argparse.ArgumentParser) -> None:
    _one_file(parser)
    parser.add_argument("-o", "--output", type=Path, help="write to this file instead of stdout")
    parser.add_argument("--force", action="store_true", help="replace the output file if it exists")


def _unfold(options: argparse.Namespace) -> int:
    from .folding.unfold import unfold

    flat = unfold(documents.load_workflow(options.file))
    for former, identity in flat.ids.items():
        sys.stderr.write(f"note: node {former} is node {identity} now, its own id was taken\n")
    for note in flat.notes:
        sys.stderr.write(f"note: {note}\n")
    if options.output is None:
        write_bytes(documents.dumps(flat.document))
    else:
        documents.save(flat.document, options.output, replace=options.force)
    return 0


def _fold_arguments(parser: argparse.ArgumentParser) -> None:
    _to_api_arguments(parser)
    parser.add_argument("--nodes", required=True, help="ids of nodes of the top level, with commas: 414,2014")
    parser.add_argument("--name", required=True, help="title of the subgraph")


def _fold(options: argparse.Namespace) -> int:
    from .folding.fold import Chapter, fold

    chosen = [identity for identity in map(node_id, options.nodes.replace(" ", "").split(",")) if identity is not None]
    folded = fold(documents.load_workflow(options.file), Chapter(options.name, chosen))
    if options.output is None:
        write_bytes(documents.dumps(folded))
    else:
        documents.save(folded, options.output, replace=options.force)
    return 0


def _repair_arguments(parser: argparse.ArgumentParser) -> None:
    _one_file(parser)
    parser.add_argument("-o", "--output", type=Path, help="write the repaired graph here; without it, only say what is broken")
    parser.add_argument("--force", action="store_true", help="replace the output file if it exists")


def _repair(options: argparse.Namespace) -> int:
    from .repair import repair

    result = repair(documents.load_workflow(options.file))
    _write("".join(f"{change}\n" for change in result.changes) or "nothing to repair\n")
    if options.output is not None:
        documents.save(result.document, options.output, replace=options.force)
    return 0


def _migrate_arguments(parser: argparse.ArgumentParser) -> None:
    from .migrations.command import add_arguments

    add_arguments(parser, None)


def _migrate(options: argparse.Namespace) -> int:
    from .migrations.command import run

    return run(options, None)


def _audit(options: argparse.Namespace) -> int:
    from .mending.tried import with_tried_commands

    return audit_command.run(options, with_tried_commands)


def _mend_arguments(parser: argparse.ArgumentParser) -> None:
    from .mending.command import add_arguments

    add_arguments(parser)


def _mend(options: argparse.Namespace) -> int:
    from .mending.command import run

    return run(options)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")


COMMANDS: list[Command] = [
    Command("show", "print the data path node by node", _show_arguments, _show),
    Command("fmt", "rewrite files in canonical form", _fmt_arguments, _fmt),
    Command("check", "list broken invariants (dead links, double ids, circles)", _check_arguments, _check),
    Command("audit", "look for what goes wrong in a render", audit_command.add_arguments, _audit),
    Command("mend", "mend all that can be mended without asking, and say what is left", _mend_arguments, _mend),
    Command("repair", "make dead and contradictory links agree again", _repair_arguments, _repair),
    Command("migrate", "bring saved graphs up to date; --revert restores the bytes", _migrate_arguments, _migrate),
    Command("diff", "compare two graphs by meaning", _diff_arguments, _diff),
    Command("to-api", "convert a UI workflow to the API prompt", _to_api_arguments, _to_api),
    Command("fold", "make a subgraph of nodes", _fold_arguments, _fold),
    Command("unfold", "write out all subgraphs: one flat graph to rewire", _to_api_arguments, _unfold),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m audio_loop.workflow_graph", description="Read, compare and convert workflows."
    )
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = choices.add_parser(command.name, help=command.summary, description=command.summary)
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    return exit_status(lambda: int(options.run(options)), DocumentError, ValueError)
