"""The command line of the analysis, for `scripts/analyze_audio_features.py`.

Exit status: 0 it is done, 2 a file or an option with which it cannot be done.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..audio.reading.sound_file import SongError
from ..loop_control.errors import PlanError
from ..prompting.wishes import DEFAULT_DIVERSITY, DIVERSITIES, KINDS, STYLES, WishError, make_wishes
from ..workflow_graph.console import exit_status, write_bytes
from .document import document
from .markdown import markdown
from .output_files import OutputError, make_folder, require_folder, write_free
from .pictures.drawing import PicturesError, pictures, require_matplotlib
from .pictures.heard import PictureListener
from .report import AnalysisReport, make_report
from .song import add_song_options, listen, read_song


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analyze_audio_features.py",
        description="Hears a song: tempo, key, sections, voice, sound, and writes a schedule of prompts for it.",
    )
    parser.add_argument("audio", type=Path, metavar="AUDIO", help="the song: any file with sound that FFmpeg reads")
    parser.add_argument("-s", "--subject", default="", metavar="TEXT", help="who is seen; stands in every prompt to the letter")
    parser.add_argument("--image-desc", default="", metavar="TEXT", help="what the picture shows")
    parser.add_argument("--style", default="cinematic", metavar="|".join(STYLES), help="the look of the picture (cinematic)")
    parser.add_argument(
        "--scene-diversity", default=DEFAULT_DIVERSITY, metavar=f"{DIVERSITIES[0]}..{DIVERSITIES[-1]}",
        help=f"what changes from prompt to prompt: 1 the action to 6 the place; a: a chorus looks like the chorus "
        f"({DEFAULT_DIVERSITY})",
    )  # fmt: skip
    parser.add_argument("--montage", action="store_true", help="change about every 12 seconds, not every 20")
    parser.add_argument("--kind", default="auto", metavar="|".join(KINDS), help="what is heard (auto)")
    parser.add_argument("--variation", type=int, default=0, metavar="N", help="another number, other words (0)")
    add_song_options(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="MD", help="write the page there, not to the console")
    parser.add_argument("-j", "--json", type=Path, metavar="JSON", help="write everything as data there, too")
    parser.add_argument(
        "--png-dir", type=Path, metavar="DIR", help="write pictures into this folder, too; it is made if it is missing"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Analyses one song; returns the exit status.

    Raises:
        SongError: The song cannot be read.
        PlanError: The numbers give no plan.
        WishError: A wish cannot be fulfilled.
        OutputError: A file cannot be written.
        PicturesError: matplotlib is missing.
    """
    wishes = make_wishes(
        subject=options.subject,
        image_description=options.image_desc,
        style=options.style,
        diversity=options.scene_diversity,
        montage=options.montage,
        kind=options.kind,
        variation=options.variation,
    )
    _refuse_early(options)
    report = make_report(options.audio, read_song(options.audio, options), options.vocal_track, wishes)
    page = markdown(report).encode("utf-8", errors="backslashreplace")
    if options.output is None:
        write_bytes(page)
    else:
        _write(options.output, page)
    if options.json is not None:
        _write(options.json, (json.dumps(document(report), ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
    if options.png_dir is not None:
        make_folder(options.png_dir)
        for name, picture in _pictures(report).items():
            _write(options.png_dir / f"{options.audio.stem}_{name}.png", picture)
    return 0


def _refuse_early(options: argparse.Namespace) -> None:
    """Refuses what is impossible before anybody has waited for the analysis."""
    if options.png_dir is not None:
        require_matplotlib()
        if options.png_dir.exists() and not options.png_dir.is_dir():
            raise OutputError(f"--png-dir: {options.png_dir} is a file; name a folder")
    for path in (options.output, options.json):
        if path is not None:
            require_folder(path)


def _pictures(report: AnalysisReport) -> dict[str, bytes]:
    listener = PictureListener(report.analysis.duration_seconds)
    listen(report.song.source, listener)
    heard = listener.result(report.analysis)
    return pictures(heard, report.analysis, report.song.plan, Path(report.name).name)


def _write(path: Path, data: bytes) -> None:
    written = write_free(path, data)
    sys.stderr.write(f"{written}\n" if written == path else f"{written} (there is a {path.name} already)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    refusals = (SongError, PlanError, WishError, OutputError, PicturesError)
    return exit_status(lambda: run(_parser().parse_args(arguments)), *refusals)
