"""Thousands of damaged and odd sound files: each is read, prepared and analysed, and nothing may crash, hang or be wrong.

    python benchmarks/damaged_audio.py [--files N] [--first N] [--jobs N]

The files are those of `tests/damaged_sounds.py`: 13 kinds of file with headers changed, bits flipped, holes, halves, two in
one, and odd ones, such as one sample, NaN, 32 channels or a playlist called WAV. Each is worked on in a process that may take
3 GiB, under a watch: a process that dies is a crash, one that says nothing for 30 s a hang. All that is not a refusal in words
or a right answer is printed.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import _setup

FILES = 5000
LONGEST_SECONDS = 30.0
MOST_BYTES = 3 << 30


def main() -> None:
    """Runs all files and prints what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES, help="how many; default %(default)s")
    parser.add_argument("--first", type=int, default=0, help="number of the first; default %(default)s")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once; default %(default)s")
    options = parser.parse_args()
    _setup.enter_environment()
    started = time.perf_counter()
    numbers = iter(range(options.first, options.first + options.files))
    with ThreadPoolExecutor(options.jobs) as threads:
        counts: Counter[str] = sum(threads.map(lambda _: Counter(_answers(numbers)), range(options.jobs)), Counter())
    print("| files | prepared and analysed | prepared, too short or odd to analyse | refused in words | wrong | crash | hang |")
    print("|---|---|---|---|---|---|---|")
    kinds = ("analysed", "prepared", "refused", "wrong", "crash", "hang")
    print(f"| {sum(counts.values())} | {' | '.join(str(counts[kind]) for kind in kinds)} |")
    print(f"{time.perf_counter() - started:.0f} s on the clock")


def _answers(numbers: Iterator[int]) -> Iterator[str]:
    """The kind of answer of each number that is left, one after the other, in a process that is replaced if it ends."""
    worker = _Worker()
    for number in numbers:
        kind, words = worker.answer(number)
        if kind in ("wrong", "crash", "hang"):
            print(f"{number}: {kind}: {words}", flush=True)
        yield kind
    worker.stop()


class _Worker:
    """A process that works on one file at a time."""

    def __init__(self) -> None:
        self._start()

    def answer(self, number: int) -> tuple[str, str]:
        """The kind of answer, and its words."""
        self._ours.send(number)
        if not self._ours.poll(LONGEST_SECONDS):
            self._restart()
            return "hang", f"nothing for {LONGEST_SECONDS:g} s"
        try:
            answered: tuple[str, str] = self._ours.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            self._restart()
            return "crash", f"the process ended with {code}"
        return answered

    def stop(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _restart(self) -> None:
        self.stop()
        self._start()


def _work(asked: Connection) -> None:
    from audio_loop.audio.preparing.presets import PRESETS
    from audio_loop.tests.damaged_sounds import answer, odd_sound

    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        while True:
            number = asked.recv()
            sound = odd_sound(Path(folder), number)
            try:
                words = answer(sound, list(PRESETS)[number % len(PRESETS)])
                asked.send((_analysed(sound.path) if words == "prepared" else "refused", words))
            except Exception as error:
                asked.send(("wrong", f"{sound.made}: {type(error).__name__}: {error}"))
            sound.path.unlink()


def _analysed(path: Path) -> str:
    """ "analysed", or "prepared" if it is refused; an analysis that is no right answer raises AssertionError."""
    from audio_loop.audio.analysis.analyse import analyse_song
    from audio_loop.audio.reading.song_source import SongFile

    try:
        found = analyse_song(SongFile(path))
    except ValueError:
        return "prepared"
    assert found.sections[0].start_seconds == 0
    assert math.isclose(found.sections[-1].end_seconds, found.duration_seconds, abs_tol=0.01)
    numbers = [found.duration_seconds, *found.level_db, *found.onset_seconds, found.voice.fraction, found.onsets_per_second]
    assert all(map(math.isfinite, numbers))
    return "analysed"


if __name__ == "__main__":
    main()
