"""The command line of the doctor, for `scripts/doctor.py`.

Exit status: 0 nothing was found, 1 something was, 2 the video cannot be examined.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..files.atomic_write import write_new
from ..files.free_names import first_free, numbered
from ..loop_control.errors import PlanError
from ..watching.video_file import WatchError
from ..workflow_graph.console import exit_status, write_bytes
from ..workflow_graph.document import DocumentError
from .case_of_files import GivenFiles, open_case
from .diagnosis import Diagnosis
from .finding_files import CaseError
from .report.page import as_page
from .report.text import as_text
from .report.thumbnails import pictures_of
from .service import diagnose

_BESIDE = "beside the video"
_CONSOLE = "-"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="doctor.py",
        description="Watches and hears a finished video, and says what is wrong with it, why, and what mends it.",
        epilog="Nothing that exists is ever replaced. Exit status: 0 nothing found, 1 something found, 2 cannot be examined.",
    )
    parser.add_argument("subject", type=Path, metavar="VIDEO|RUN_FOLDER", help="a video file, or the folder of a run")
    parser.add_argument("--workflow", type=Path, metavar="F", help="its workflow, instead of the one in the video")
    parser.add_argument("--audio", type=Path, metavar="F", help="the song, instead of the one that the workflow names")
    parser.add_argument("--schedule", type=Path, metavar="F", help="the prompts over time, instead of those in the workflow")
    parser.add_argument(
        "--report", nargs="?", const=_BESIDE, metavar="F", help="write a page that opens offline; without F beside the video"
    )
    parser.add_argument(
        "--json", nargs="?", const=_CONSOLE, metavar="F", help="write data; without F to the console, in place of the text"
    )
    parser.add_argument("--figures", action="store_true", help="print every figure, too")
    return parser


def run(options: argparse.Namespace) -> int:
    """Examines one video; returns the exit status.

    Raises:
        CaseError: A file is missing, or one that is to be written exists.
        DocumentError: The workflow cannot be read.
        PlanError: The song cannot be read.
        WatchError: The video cannot be watched.
    """
    for name in (options.report, options.json):
        if name not in (None, _BESIDE, _CONSOLE) and os.path.lexists(name):
            raise CaseError(f"{name} exists and is not replaced; give another name, or move it away")
    files = GivenFiles(options.subject, options.workflow, options.audio, options.schedule)
    progress = _ProgressLine()
    opened = open_case(files, progress.watched)
    progress.say("comparing ...")
    diagnosis = diagnose(opened.case, opened.origin)
    progress.say("")
    _write(options, opened.case.video.path, diagnosis)
    return int(bool(diagnosis.symptoms))


def _write(options: argparse.Namespace, video: Path, diagnosis: Diagnosis) -> None:
    data = json.dumps(diagnosis.to_json(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    encoded = data.encode("utf-8", errors="backslashreplace")
    told = data if options.json == _CONSOLE else as_text(diagnosis, all_figures=options.figures)
    write_bytes(told.encode("utf-8", errors="backslashreplace"))
    if options.json not in (None, _CONSOLE):
        _write_file(Path(options.json), encoded)
    if options.report is not None:
        beside = first_free(numbered(video.with_name(f"{video.stem}.doctor.html")))
        page = as_page(diagnosis, pictures_of(video, diagnosis))
        _write_file(beside if options.report == _BESIDE else Path(options.report), page.encode("utf-8"))


def _write_file(path: Path, data: bytes) -> None:
    try:
        write_new(path, data)
    except OSError as error:
        raise CaseError(f"{path} cannot be written: {error.strerror or error}") from error
    sys.stderr.write(f"written: {path}\n")


class _ProgressLine:
    """A line on a terminal that says how far it is; nothing in a file."""

    def __init__(self) -> None:
        self._write: Callable[[str], object] = sys.stderr.write if sys.stderr.isatty() else lambda _: None

    def watched(self, fraction: float) -> None:
        """Says how much was watched."""
        self.say(f"watching {fraction:4.0%}")

    def say(self, words: str) -> None:
        """Replaces the line."""
        self._write(f"\r\x1b[K{words}")
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    return exit_status(lambda: run(options), CaseError, DocumentError, PlanError, WatchError)
