"""The preparation of songs: time and memory of the whole command, by length, and how they grow.

    python benchmarks/prepare_audio.py [MINUTES ...]

Each length is a stereo AAC file at 44.1 kHz: a minute of tones and noise in syllables, whose packets stand in it again and
again. `scripts/preprocess_audio_for_ltx.py` runs in a process of its own, reads it twice, writes a WAV file and reads that
again; `getrusage` tells its processor time and its peak memory. The WAV file is deleted at once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import _setup

MINUTES = (1, 4, 60, 180)
RATE = 44_100
SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "preprocess_audio_for_ltx.py"


def main() -> None:
    """Prints a row for each length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="*", type=int, default=MINUTES, metavar="MINUTES")
    lengths = parser.parse_args().minutes
    _setup.enter_environment()
    print("| song | time | processor | peak memory | written |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        minute = write_minute(Path(folder) / "minute.m4a")
        for minutes in lengths:
            song, out = Path(folder) / f"{minutes}.m4a", Path(folder) / "out.wav"
            repeat(minute, song, minutes)
            seconds, used = measured(song, out)
            cpu_s, mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
            print(
                f"| {minutes} min | {seconds:.1f} s | {cpu_s:.1f} s | {mib:.0f} MiB | {out.stat().st_size / 2**20:.0f} MiB |",
                flush=True,
            )
            out.unlink()


def measured(song: Path, out: Path) -> tuple[float, Any]:
    """Seconds on the clock, and what the system says that the command used.

    Raises:
        RuntimeError: The command failed.
    """
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(SCRIPT), str(song), str(out)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the command ended with status {process.returncode}")
    return time.perf_counter() - started, used


def write_minute(path: Path) -> Path:
    """A minute of a voice-like sound over a hum, with pauses."""
    import av
    import numpy as np

    random = np.random.default_rng(7)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE)
        stream.layout = "stereo"
        for second in range(60):
            at = second + np.arange(RATE) / RATE
            syllables = np.maximum(np.sin(2 * np.pi * 4 * at), 0) * (second % 10 < 8)
            voice = sum(np.sin(2 * np.pi * 140 * k * at) / k for k in range(1, 20)) + 0.3 * random.standard_normal(RATE)
            sound = np.stack([0.2 * syllables * voice + 0.02 * np.sin(2 * np.pi * 55 * at)] * 2)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32), "fltp", "stereo")
            frame.rate, frame.pts = RATE, second * RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def repeat(source: Path, path: Path, times: int) -> None:
    """The same packets again and again, one after the other."""
    import av

    with av.open(str(source)) as read, av.open(str(path), "w") as container:
        copied = container.add_stream_from_template(read.streams.audio[0])
        packets = [(bytes(packet), packet.duration) for packet in read.demux(audio=0) if packet.size]
        at = 0
        for _ in range(times):
            for data, duration in packets:
                packet = av.Packet(data)
                packet.stream, packet.pts, packet.dts, packet.duration = copied, at, at, duration
                packet.time_base = read.streams.audio[0].time_base
                container.mux(packet)
                at += duration


if __name__ == "__main__":
    main()
