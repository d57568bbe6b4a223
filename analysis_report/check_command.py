"""The command line of the check of schedules, for `scripts/check_schedule.py`.

Exit status: 0 no error (warnings allowed, unless --strict), 1 something to mend, 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..audio.analysis.song_analysis import Voice
from ..audio.analysis.voice import VoiceListener
from ..audio.reading.sound_file import SongError
from ..loop_control.errors import PlanError
from ..prompting.checking.check import check_schedule
from ..prompting.checking.draft import Expected
from ..prompting.checking.report import as_data, as_text
from ..workflow_graph.console import exit_status, write_bytes
from .song import SongInput, add_song_options, listen, open_song, read_song

LONGEST_BYTES = 4_000_000
"""More than any answer has; a schedule of an hour has some 60,000."""


class ScheduleTextError(ValueError):
    """A file or an option with which nothing can be done."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="check_schedule.py",
        description="Checks a schedule that somebody wrote for a song, by numbered rules. What it prints can be sent back to "
        "the "
        "writer.",
    )
    parser.add_argument(
        "schedule",
        metavar="SCHEDULE",
        help="a text file with the schedule, or with an answer that holds it; - reads the console",
    )
    parser.add_argument("--audio", type=Path, required=True, metavar="F", help="the song")
    parser.add_argument("-s", "--subject", metavar="TEXT", help="the subject; without it, what the entries have in common")
    parser.add_argument(
        "--first-prompt", metavar="TEXT", help="the prompt of the initial render, if the workflow has one of its own"
    )
    parser.add_argument("--image-desc", default="", metavar="TEXT", help="what the picture shows")
    parser.add_argument(
        "--style", metavar="TEXT", help='as in "cinematic"; every entry has to begin with it; "none" for no style'
    )
    parser.add_argument("--variety", action="store_true", help="neighbouring entries have to differ")
    parser.add_argument("--no-listen", action="store_true", help="read no more of the song than its length")
    parser.add_argument("--json", action="store_true", help="print data instead of text")
    parser.add_argument("--strict", action="store_true", help="fail on warnings, too")
    add_song_options(parser)
    return parser


def run(options: argparse.Namespace) -> int:
    """Checks one schedule; returns the exit status.

    Raises:
        ScheduleTextError: The schedule cannot be read.
        SongError: The song cannot be read.
        PlanError: The numbers give no plan.
    """
    text = _read(options.schedule)
    song = read_song(options.audio, options)
    checked = check_schedule(
        text,
        Expected(
            plan=song.plan,
            voice=None if options.no_listen else heard_voice(song, options.vocal_track),
            subject=options.subject,
            first_prompt=options.first_prompt,
            picture=options.image_desc,
            style=None if options.style == "none" else options.style,
            wants_variety=options.variety,
        ),
    )
    told = json.dumps(as_data(checked), ensure_ascii=False, indent=2) + "\n" if options.json else as_text(checked)
    write_bytes(told.encode("utf-8", errors="backslashreplace"))
    return int(checked.errors > 0 or (options.strict and checked.warnings > 0))


def heard_voice(song: SongInput, vocal_track: Path | None) -> Voice:
    """The voice in a song, or in its vocal track.

    Raises:
        SongError: It cannot be read.
    """
    listener = VoiceListener(is_stem=vocal_track is not None)
    listen(song.source if vocal_track is None else open_song(vocal_track, song.trim), listener)
    return listener.result()


def _read(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LONGEST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LONGEST_BYTES + 1)
        text = data.decode("utf-8-sig") if len(data) <= LONGEST_BYTES else ""
    except OSError as error:
        raise ScheduleTextError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScheduleTextError(f"{name} is no text in UTF-8; save it again as a text file") from None
    if len(data) > LONGEST_BYTES:
        raise ScheduleTextError(f"{name} has more than {LONGEST_BYTES} bytes; a schedule of an hour has some 60,000")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    return exit_status(lambda: run(_parser().parse_args(arguments)), ScheduleTextError, SongError, PlanError)
