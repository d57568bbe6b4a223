"""The command line of the check, for `scripts/preflight.py`.

Exit status: 0 no error (warnings allowed, unless --strict), 1 something to mend, 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from ..loop_control.errors import PlanError
from ..workflow_graph.console import exit_status, write_bytes
from ..workflow_graph.document import DocumentError, kind, load
from . import report
from .check import Preflight, preflight
from .folders_of_comfyui import FoldersOfComfyUI
from .listening import Listen, listen_to
from .machine import Machine, read_machine
from .song import read_song


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="preflight.py",
        description="Shows windows, cuts, prompts as they will be seen, time, memory and disk, and what is wrong, without "
        "sampling anything.",
    )
    parser.add_argument("workflow", type=Path, metavar="WORKFLOW", help="saved workflow, or API prompt")
    parser.add_argument("--audio", type=Path, metavar="F", help="the song, instead of the one that the workflow names")
    parser.add_argument(
        "--comfyui", type=Path, metavar="FOLDER", help="ComfyUI's folder: models, input and output are looked at in it"
    )
    parser.add_argument("--json", action="store_true", help="print data instead of text")
    parser.add_argument("--strict", action="store_true", help="fail on warnings, too")
    return parser


def run(options: argparse.Namespace) -> int:
    """Checks one workflow; returns the exit status.

    Raises:
        DocumentError: The workflow cannot be read.
        PlanError: The song cannot be read.
    """
    found = _found(options)
    if options.json:
        text = json.dumps(report.as_data(found, str(options.workflow)), ensure_ascii=False, indent=2) + "\n"
    else:
        text = report.as_text(found, str(options.workflow))
    write_bytes(text.encode("utf-8", errors="backslashreplace"))
    return int(found.errors > 0 or (options.strict and found.warnings > 0))


def _found(options: argparse.Namespace) -> Preflight:
    document = load(options.workflow)
    kind(document, name=str(options.workflow))
    song = None if options.audio is None else read_song(options.audio)
    if options.comfyui is None:
        return preflight(document, song, Machine(listen=_listen_to(options.audio)))
    if not options.comfyui.is_dir():
        raise DocumentError(f"--comfyui: {options.comfyui} is no folder")
    folders = FoldersOfComfyUI(options.comfyui, options.audio)
    machine = read_machine(options.comfyui / "output", folders.has_file, folders.model_file, listen=folders.listen)
    return preflight(document, song or folders.song_of(document), machine)


def _listen_to(path: Path | None) -> Listen | None:
    """Hears this file, whatever name the workflow has for its song."""
    return None if path is None else lambda _, start_seconds, end_seconds: listen_to(path, start_seconds, end_seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    return exit_status(lambda: run(_parser().parse_args(arguments)), DocumentError, PlanError)
