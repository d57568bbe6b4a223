"""Time and memory of the analysis, by length of the song.

    python benchmarks/ear_length.py [MINUTES ...]

Each length is a process of its own. It hears songs of `tests/songs`, one after the other, as samples at 16 kHz in pieces, so
that reading and resampling a file are left out. Memory is the process's peak while it listens, less what it held before, which
are the songs and the libraries. Linux only. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import _setup

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.framing import LISTENING_HZ, Samples
from audio_loop.tests.songs import corpus

MINUTES = (4, 60, 180)
SONGS = 6
FIRST_SEED = 1000
PIECE = 1 << 16


def main() -> None:
    """Runs each length in a process of its own, or one length if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="*", type=float, default=MINUTES, metavar="MINUTES")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    _setup.enter_environment()
    if arguments.one:
        print(row(arguments.one))
        return
    print("| song | time | processor | memory | sections |\n|---|---|---|---|---|", flush=True)
    for minutes in arguments.minutes:
        subprocess.run([sys.executable, __file__, "--one", str(minutes)], check=True)
    print(f"\n{platform.machine()}, {platform.system()}.")


def row(minutes: float) -> str:
    """A row of the table."""
    songs = [song.samples for song in corpus(SONGS, FIRST_SEED)]
    before = _status_mib("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    wall, processor = time.perf_counter(), time.process_time()
    heard = analyse(pieces(songs, int(minutes * 60 * LISTENING_HZ)))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = _status_mib("VmHWM") - before
    return f"| {minutes:g} min | {wall:.1f} s | {processor:.1f} s | {memory:.0f} MiB | {len(heard.sections)} |"


def pieces(songs: list[Samples], count: int) -> Iterator[Samples]:
    """`count` samples of the songs, again and again."""
    for song in itertools.cycle(songs):
        for first in range(0, len(song), PIECE):
            piece = song[first : min(first + PIECE, first + count)]
            count -= len(piece)
            yield piece
            if count <= 0:
                return


def _status_mib(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
