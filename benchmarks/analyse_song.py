"""Seconds and memory of a song's whole analysis, from the file on the disk, and of an hour and more of it.

    python benchmarks/analyse_song.py
    python benchmarks/analyse_song.py --minutes 4 --formats flac

The file is a song of `tests/songs` at 44.1 kHz in stereo, again and again to the wanted length, with a little noise that does
not repeat. Each case is a process of its own; memory is its largest resident memory, less what it held before it began. The
parts are one listener each, alone, on the same samples at 16 kHz; "decoding" is reading, mixing down and resampling. Runs on
the CPU. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import _setup
import numpy as np

from audio_loop.audio.analysis.analyse import analyse_song
from audio_loop.audio.analysis.chroma import ChromaListener
from audio_loop.audio.analysis.framing import LISTENING_HZ, Listener, Samples
from audio_loop.audio.analysis.level import LevelListener
from audio_loop.audio.analysis.onsets import OnsetListener
from audio_loop.audio.analysis.voice import VoiceListener
from audio_loop.audio.reading.mono import heard_at
from audio_loop.audio.reading.song_source import SongFile
from audio_loop.tests.peak_memory import PEAK_MEGABYTES

MINUTES = (4.0, 30.0, 180.0)
CODECS = {"flac": "flac", "mp3": "mp3"}
SAMPLE_RATE = 44_100
SEED = 1000
LISTENERS: dict[str, type[Listener]] = {
    "onsets": OnsetListener,
    "notes": ChromaListener,
    "level": LevelListener,
    "voice": VoiceListener,
}


def main() -> None:
    """Runs every case in a process of its own, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=MINUTES, help="lengths of the song")
    parser.add_argument("--formats", nargs="+", choices=CODECS, default=tuple(CODECS), help="of the file")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    _setup.enter_environment()
    if arguments.case:
        print(json.dumps(measure(Path(arguments.case))))
        return
    print("| song | file | seconds | CPU seconds | MiB before | peak | more | heard |\n" + "|---" * 8 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for minutes in arguments.minutes:
            for name in arguments.formats:
                path = Path(folder) / f"song.{name}"
                write_song(path, minutes)
                done = subprocess.run([sys.executable, __file__, "--case", path], check=True, stdout=subprocess.PIPE, text=True)
                row = json.loads(done.stdout.splitlines()[-1])
                memory = f"{row['before_mb']:.0f} | {row['peak_mb']:.0f} | {row['peak_mb'] - row['before_mb']:.0f}"
                print(
                    f"| {minutes:g} min | {name}, {path.stat().st_size / 2**20:.0f} MiB | {row['seconds']:.1f} | "
                    f"{row['cpu_seconds']:.1f} | {memory} | {row['heard']} |",
                    flush=True,
                )
                path.unlink()
        path = Path(folder) / "parts.flac"
        write_song(path, min(arguments.minutes))
        print(f"\nCPU seconds of the parts, {min(arguments.minutes):g} min of flac:", parts(path))
    print(f"\n{platform.machine()}, {platform.system()}, {os.cpu_count()} cores.")


def measure(path: Path) -> dict[str, Any]:
    """The figures of one case, in this process."""
    peak: dict[str, Any] = {}
    exec(PEAK_MEGABYTES, peak)
    # Loaded once, whatever the song.
    for name in ("scipy.fft", "scipy.ndimage", "scipy.signal"):
        importlib.import_module(name)

    before = peak["peak_megabytes"]()
    wall, cpu = time.perf_counter(), time.process_time()
    found = analyse_song(SongFile(path))
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    tempo = (
        "no beat"
        if found.tempo is None or found.beats is None
        else f"{found.tempo.bpm:g} bpm, {len(found.beats.seconds)} beats"
    )
    key = "no key" if found.key is None else found.key.name
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "before_mb": before,
        "peak_mb": peak["peak_megabytes"](),
        "heard": f"{tempo}, {key}, {len(found.sections)} sections, {len(found.voice.stretches)} stretches of voice",
    }


def parts(path: Path) -> str:
    """CPU seconds of decoding and of each listener alone."""
    began = time.process_time()
    pieces = list(heard_at(SongFile(path), LISTENING_HZ))
    found = [f"decoding {time.process_time() - began:.2f}"]
    for name, kind in LISTENERS.items():
        began = time.process_time()
        listener = kind()
        for piece in pieces:
            listener.add(piece)
        listener.result()  # type: ignore[attr-defined]  # each listener has one, of its own type
        found.append(f"{name} {time.process_time() - began:.2f}")
    return ", ".join(found)


def write_song(path: Path, minutes: float) -> None:
    """A song of that length as a file, made and written in pieces."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(CODECS[path.suffix[1:]], rate=SAMPLE_RATE, layout="stereo")
        for number, piece in enumerate(song_pieces(round(minutes * 60 * SAMPLE_RATE))):
            whole = np.clip(piece * 32767, -32768, 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole.T).reshape(1, -1), format="s16", layout="stereo")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = number * SAMPLE_RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def song_pieces(samples: int) -> Iterator[Samples]:
    """Seconds (2, N) of the song, from its beginning again when it ends."""
    from audio_loop.tests.songs import make_song

    song = make_song(SEED).rendered(SAMPLE_RATE)
    chance = np.random.default_rng(0)
    for begin in range(0, samples, SAMPLE_RATE):
        places = (begin + np.arange(min(SAMPLE_RATE, samples - begin))) % song.shape[1]
        noise = chance.standard_normal((2, len(places)), np.float32)
        yield 0.9 * song[:, places] + np.float32(0.003) * noise


if __name__ == "__main__":
    main()
