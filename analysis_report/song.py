"""A song's file and the numbers of its windows, as both command lines take them."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

from ..audio.analysis.framing import LISTENING_HZ, Listener
from ..audio.reading.mono import heard_at
from ..audio.reading.song_source import SongFile, SongSource
from ..audio.reading.sound_file import SongError
from ..loop_control.plan import LoopPlan, Order, make_plan
from ..loop_control.rates import read_number
from ..loop_control.window_order import IN_TURN
from ..prompting.default_plan import FPS, OVERLAP_SECONDS, WINDOW_SECONDS


@dataclass(frozen=True)
class SongInput:
    """A song and its windows.

    Attributes:
        source: Its sound, trimmed.
        trim: Seconds that are left out at its beginning.
        plan: Its windows.
    """

    source: SongSource
    trim: Fraction
    plan: LoopPlan


def add_song_options(parser: argparse.ArgumentParser) -> None:
    """The options from which `read_song` makes the windows; their defaults are the planner's."""
    parser.add_argument(
        "--window", default=WINDOW_SECONDS, metavar="S", help=f"window_seconds of the planner ({WINDOW_SECONDS})"
    )
    parser.add_argument(
        "--overlap", default=OVERLAP_SECONDS, metavar="S", help=f"overlap_seconds of the planner ({OVERLAP_SECONDS})"
    )
    parser.add_argument("--fps", default=FPS, help=f"frames per second of the planner ({FPS})")
    parser.add_argument("--order", default=IN_TURN, choices=get_args(Order), help=f"order of the planner ({IN_TURN})")
    parser.add_argument(
        "-t", "--trim", default="0", metavar="S", help="seconds that the workflow leaves out at the song's beginning (0)"
    )
    parser.add_argument(
        "--vocal-track",
        type=Path,
        metavar="F",
        help="the song's voice alone, as long as the song: the voice is listened for in it",
    )


def read_song(path: Path, options: argparse.Namespace) -> SongInput:
    """Opens a song, counts its samples and plans its windows.

    Raises:
        SongError: It cannot be read, or nothing is left behind the trim.
        PlanError: A number is none, or gives no plan.
    """
    trim = read_number(options.trim, "--trim")
    source = open_song(path, trim)
    samples = sum(block.shape[1] for block in source.blocks())
    plan = make_plan(
        audio_samples=samples,
        sample_rate=source.sample_rate,
        window_seconds=options.window,
        overlap_seconds=options.overlap,
        fps=options.fps,
        order=options.order,
    )
    return SongInput(source, trim, plan)


def open_song(path: Path, trim: Fraction) -> SongFile:
    """A song's file from `trim` seconds on.

    Raises:
        SongError: It cannot be read.
    """
    try:
        return SongFile(path, trim)
    except OSError as error:
        raise SongError(f"{path} cannot be read: {error.strerror or 'it is no regular file'}") from None


def listen(source: SongSource, listener: Listener) -> None:
    """Plays a song to a listener.

    Raises:
        SongError: It is damaged.
    """
    for samples in heard_at(source, LISTENING_HZ):
        listener.add(samples)
