"""How much of a song's truth the analysis hears, beside what a plain use of librosa hears, on songs that are made here.

    python benchmarks/ear.py
    python benchmarks/ear.py --songs 12 --first-seed 500 --without-librosa --each

The songs are those of `tests/songs`: tempo 60 to 180, all keys, forms with repetition, with and without drums and voice.
Seeds below 100 were listened to while the analysis was made; the default ones were not. librosa's way is the one of its
documentation: `beat_track`; chroma of constant Q with Krumhansl's profiles; `segment.agglomerative` on beats, told the true
number of sections; `pyin` for the voice. Runs on the CPU. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import platform
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import _setup
import numpy as np

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.framing import LISTENING_HZ, Samples
from audio_loop.audio.analysis.song_analysis import PITCH_CLASSES
from audio_loop.tests.songs import SyntheticSong, make_song

if TYPE_CHECKING:
    from audio_loop.tests.songs.scoring import EarScore

FIRST_SEED = 1000
SONGS = 60
PIECE = 1 << 16

Row = dict[str, Any]

KRUMHANSL = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
"""Krumhansl and Kessler 1982: how well each pitch class fits into a key."""

OURS_ALONE = ("downbeats", "pairs", "labels")
"""Figures that plain librosa has no answer for."""

ROWS = {
    "tempo within 2 %": "tempo",
    "tempo within 2 %, or its octave": "tempo_or_octave",
    "beats, F at 70 ms": "beats",
    "downbeats, F at 70 ms": "downbeats",
    "key": "key",
    "key, MIREX weights": "key_weighted",
    "section boundaries, F at 3 s, without the song's ends": "boundaries",
    "section boundaries, F at 3 s, with the song's ends": "boundaries_with_ends",
    "pairs of moments with the same letter, F": "pairs",
    "time with the right label": "labels",
}


def main() -> None:
    """Runs all songs and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=SONGS, help="how many songs")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="seed of the first")
    parser.add_argument("--jobs", type=int, default=1, help="songs at once")
    parser.add_argument("--without-librosa", action="store_true", help="only our own figures")
    parser.add_argument("--each", action="store_true", help="a line for each song too")
    arguments = parser.parse_args()
    _setup.enter_environment()
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.songs)
    rows = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for row in pool.map(partial(measure, with_librosa=not arguments.without_librosa), seeds):
            rows.append(row)
            if arguments.each:
                print(row["seed"], *(f"{name} {_line(row[name])}" for name in ("ours", "librosa") if name in row), flush=True)
    print(
        f"\n{arguments.songs} songs, seeds {seeds[0]} to {seeds[-1]}, {sum(row['seconds'] for row in rows) / 60:.0f} minutes.\n"
    )
    print("\n".join(table(rows)))
    print(f"\n{platform.machine()}, {platform.system()}; {arguments.jobs} at once.")


def measure(seed: int, with_librosa: bool) -> Row:
    """The figures of one song, by our analysis and by librosa."""
    from audio_loop.tests.songs.scoring import score

    song = make_song(seed)
    began = time.process_time()
    heard = analyse(pieces(song.samples))
    row = {"seed": seed, "seconds": song.duration_seconds, "ours": dataclasses.asdict(score(song, heard))}
    row["ours_seconds"] = time.process_time() - began
    if with_librosa:
        began = time.process_time()
        row["librosa"] = dataclasses.asdict(by_librosa(song))
        row["librosa_seconds"] = time.process_time() - began
    return row


def pieces(samples: Samples) -> Iterator[Samples]:
    """The song as it comes from a file."""
    return (samples[first : first + PIECE] for first in range(0, len(samples), PIECE))


def by_librosa(song: SyntheticSong) -> EarScore:
    """The same figures for what librosa's documentation shows."""
    import librosa

    from audio_loop.tests.songs.scoring import score_parts

    samples, rate, hop = song.samples, LISTENING_HZ, 256
    tempo, frames = librosa.beat.beat_track(y=samples, sr=rate, hop_length=hop)
    chroma = librosa.feature.chroma_cqt(y=samples, sr=rate, hop_length=hop)
    mfcc = librosa.feature.mfcc(y=samples, sr=rate, hop_length=hop, n_mfcc=13)
    times = librosa.frames_to_time(frames, sr=rate, hop_length=hop)
    count = len(song.sections)
    if len(frames) > count:
        stacked = np.concatenate([chroma, (mfcc - mfcc.mean(1, keepdims=True)) / mfcc.std()])
        features = librosa.util.sync(stacked, list(frames))
        starts = librosa.segment.agglomerative(features, count)
        edges = [0.0, *(float(times[index - 1]) for index in starts[1:]), song.duration_seconds]
    else:
        edges = [0.0, song.duration_seconds]
    sections = [(a, b, f"section\n{number}") for number, (a, b) in enumerate(itertools.pairwise(edges)) if b > a]
    pitch_hop = 320
    _, voiced, _ = librosa.pyin(
        samples, fmin=80.0, fmax=800.0, sr=rate, frame_length=1024, hop_length=pitch_hop, resolution=0.25
    )
    return score_parts(
        song,
        float(np.atleast_1d(tempo)[0]),
        times,
        (),
        _krumhansl(chroma.mean(1)),
        sections,
        _stretches(voiced, pitch_hop / rate),
    )


def _krumhansl(chroma: np.ndarray) -> tuple[str, str]:
    fits = {
        (PITCH_CLASSES[tonic], mode): float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
        for mode, profile in KRUMHANSL.items()
        for tonic in range(12)
    }
    return max(fits, key=lambda key: fits[key])


def _stretches(voiced: np.ndarray, step: float) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(int), [0]])))
    return [(float(a * step), float(b * step)) for a, b in edges.reshape(-1, 2)]


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Markdown: means over all songs; of the voice the F of all seconds together, as songs without a voice have none."""
    from audio_loop.tests.songs.scoring import f_of

    names = [name for name in ("ours", "librosa") if name in rows[0]]
    yield f"| mean over songs | {' | '.join({'ours': 'Audio Loop', 'librosa': 'librosa, plain'}[name] for name in names)} |"
    yield "|---|" + "---|" * len(names)
    for title, field in ROWS.items():
        answers = names[:1] if field in OURS_ALONE else names
        yield _row(title, [float(np.mean([row[name][field] for row in rows])) for name in answers], len(names))
    voice = {name: [sum(row[name][f"voice_{part}"] for row in rows) for part in ("hits", "found", "true")] for name in names}
    yield _row("voice, F of all seconds", [f_of(*voice[name]) for name in names])
    sung = [row for row in rows if row["ours"]["voice_true"] > 0]
    per_song = [
        np.mean([f_of(*(row[n][f"voice_{part}"] for part in ("hits", "found", "true"))) for row in sung]) for n in names
    ]
    yield _row("voice, mean F of songs that have one", [float(each) for each in per_song])
    quiet = [row for row in rows if row["ours"]["voice_true"] == 0]
    if quiet:
        false = [sum(row[name]["voice_found"] for row in quiet) / sum(row["seconds"] for row in quiet) for name in names]
        yield _row("voice reported in songs without one, part of their time", false)
    minutes = sum(row["seconds"] for row in rows) / 60
    costs = [sum(row[f"{name}_seconds"] for row in rows) / minutes for name in names]
    yield "| CPU seconds for a minute of song | " + " | ".join(f"{cost:.2f}" for cost in costs) + " |"


def _row(title: str, values: Sequence[float], columns: int = 0) -> str:
    cells = [f"{value:.3f}" for value in values]
    return f"| {title} | " + " | ".join(cells + ["–"] * (columns - len(cells))) + " |"


def _line(figures: Row) -> str:
    short = ("tempo", "tempo_or_octave", "beats", "key", "boundaries", "pairs", "labels")
    return " ".join(f"{name}={figures[name]:.2f}" for name in short)


if __name__ == "__main__":
    main()
