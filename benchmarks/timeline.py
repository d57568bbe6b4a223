"""The timeline's answers: how long songs take to read, and what 500 requests at once cost a render that runs meanwhile.

    python benchmarks/timeline.py songs      # peaks and picture of 30 minutes and 3 hours, by kind of file
    python benchmarks/timeline.py requests   # the demo's render alone and with the requests, in pairs

Each song is read in a process of its own, whose peak memory `getrusage` tells. The requests come from a process of low
priority on the same machine; the page's own two or three a second are far fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import ensure_comfyui

MINUTES = (30, 180)
KINDS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "opus": "libopus"}
REPEATABLE = {"mp3", "m4a", "opus"}
"""Kinds of file whose packets may stand in it several times: their encoders are slow."""
RATE = 48_000
COLUMNS = 2000
REQUESTS = 500
PAIRS = 6
"""Renders of each kind. Pairs begin with either kind in turn, so that a machine that slows down says nothing."""
SONG_SECONDS = 60.0
DRAWS = 10_000


def main() -> None:
    """Runs the cases of one kind, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["songs", "requests", "song", "crowd"])
    parser.add_argument("values", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    ensure_comfyui()
    _setup.enter_environment()
    if options.kind == "songs":
        songs()
    elif options.kind == "requests":
        requests()
    elif options.kind == "song":
        print(json.dumps(song(Path(options.values[0]))))
    else:
        print(json.dumps(asyncio.run(crowd(*options.values))))


def songs() -> None:
    """Prints a row for each kind and length of song."""
    print(
        "| song | file | first answer (processor) | whole (processor) | 2000 columns | picture of the plan | "
        "memory beyond the start |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, codec in KINDS.items():
            short = Path(folder) / f"{MINUTES[0]}.{kind}"
            for minutes in MINUTES:
                path = Path(folder) / f"{minutes}.{kind}"
                if minutes > MINUTES[0] and kind in REPEATABLE:
                    repeat_song(short, path, minutes // MINUTES[0])
                else:
                    write_song(path, minutes, codec)
                row = child("song", str(path))
                print(
                    f"| {minutes} min | {kind}, {path.stat().st_size / 2**20:.0f} MiB | "
                    f"{row['first_s']:.2f} s ({row['first_cpu_s']:.2f}){'' if row['sampled'] else ', whole'} | "
                    f"{row['whole_s']:.2f} s ({row['whole_cpu_s']:.2f}) | "
                    f"{row['columns_s'] * 1000:.1f} ms | {row['picture_s']:.2f} s | {row['mib']:.0f} MiB |",
                    flush=True,
                )


def write_song(path: Path, minutes: int, codec: str) -> Path:
    """A stereo file of tones in noise, loud and soft by turns."""
    import av
    import numpy as np

    time_s = np.arange(RATE) / RATE
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    seconds = [((np.sin(2 * np.pi * (200 + 50 * k) * time_s) * 0.5 + noise) * (0.3 + 0.08 * k)).clip(-1, 1) for k in range(8)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.layout = "stereo"
        to_codec = av.AudioResampler(format=stream.format.name, layout="stereo", rate=RATE)
        for second in range(minutes * 60):
            sound = (np.stack([seconds[second % 8]] * 2, axis=1) * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(sound, "s16", "stereo")
            frame.rate, frame.pts = RATE, second * RATE
            for fitting in to_codec.resample(frame):
                container.mux(stream.encode(fitting))
        container.mux(stream.encode(None))
    return path


def repeat_song(source: Path, path: Path, times: int) -> None:
    """Writes the packets of a song `times` times, one behind the other."""
    import av

    with av.open(str(path), "w") as container:
        with av.open(str(source)) as first:
            stream = container.add_stream_from_template(first.streams.audio[0])
        at = 0
        for _ in range(times):
            with av.open(str(source)) as again:
                for packet in again.demux(again.streams.audio[0]):
                    if packet.dts is None:
                        continue
                    packet.pts = packet.dts = at
                    at += packet.duration or 0
                    packet.stream = stream
                    container.mux(packet)


def song(path: Path) -> dict[str, float]:
    """Figures of one song, in this process."""
    from audio_loop.loop_control.plan import make_plan
    from audio_loop.timeline.picture import timeline_image
    from audio_loop.timeline.song_overview import read_overview
    from audio_loop.timeline.song_peaks import read_peaks

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, began_cpu = time.perf_counter(), time.process_time()
    sampled = read_overview(path)
    heard, heard_cpu = time.perf_counter(), time.process_time()
    peaks = read_peaks(path)
    read, read_cpu = time.perf_counter(), time.process_time()
    if sampled is None:
        heard, heard_cpu = read, read_cpu
    peaks.columns(COLUMNS, Fraction(0), peaks.duration)
    columns = time.perf_counter()
    plan = make_plan(
        audio_samples=peaks.samples, sample_rate=peaks.sample_rate, window_seconds=19.88, overlap_seconds=2, fps=25
    )
    timeline_image(plan)
    drawn = time.perf_counter()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "sampled": sampled is not None,
        "first_s": heard - began,
        "first_cpu_s": heard_cpu - began_cpu,
        "whole_s": read - (heard if sampled else began),
        "whole_cpu_s": read_cpu - (heard_cpu if sampled else began_cpu),
        "columns_s": columns - read,
        "picture_s": drawn - columns,
        "mib": (after - before) / 2**10,
    }


def child(*values: str) -> Any:
    """The figures of one case, from a process of its own."""
    done = subprocess.run([sys.executable, __file__, *values], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def requests() -> None:
    """Renders in turn alone and with the requests, and prints what both cost the server.

    Wall times of a machine that does other things too say little about a hundredth; the server's processor time does.
    """
    from whole_loop import render

    from audio_loop.comfy_host.session import ComfySession
    from audio_loop.demo.launch import make_tiny_models, tiny_server

    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        make_tiny_models(base / "models")
        with ComfySession(tiny_server(base / "comfyui", base / "models")) as comfy:
            prompt = render(comfy.server.base, 128, 64, 1.96, SONG_SECONDS)
            idle = [_cost(partial(child, "crowd", comfy.url, "0")) for _ in range(PAIRS)]
            rows: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
            order = [False, *(crowded for pair in range(PAIRS) for crowded in ((False, True), (True, False))[pair % 2])]
            for turn, crowded in enumerate(order):
                prompt["1527"]["inputs"]["value"] = turn
                cost = _cost(partial(_rendered, comfy, prompt, crowded))
                if turn:  # the first loads the model
                    rows[crowded].append(cost)
                    print(
                        f"{'with' if crowded else 'alone'} {cost[0]:.2f} s, processor {cost[1]:.2f} s",
                        file=sys.stderr,
                        flush=True,
                    )
    print(f"{REQUESTS} requests, no render: {_median(idle, 0):.2f} s, processor of the server {_median(idle, 1):.2f} s")
    for crowded, name in ((False, "render alone"), (True, f"render with {REQUESTS} requests at once")):
        print(f"{name}: {_spread(rows[crowded], 0)}, processor of the server {_spread(rows[crowded], 1)}")
    for which, name in ((0, "wall time"), (1, "processor time of the server")):
        print(f"with over alone, {name}: {ratio([a[which] for a in rows[True]], [b[which] for b in rows[False]])}")
    print(f"requests over render, processor time: {_median(idle, 1) / _median(rows[False], 1):.1%} (medians of {PAIRS})")


def _rendered(comfy: Any, prompt: Any, crowded: bool) -> None:
    command = [sys.executable, __file__, "crowd", comfy.url, "2"]
    asked = subprocess.Popen(command, stdout=subprocess.PIPE, text=True) if crowded else None
    comfy.run(prompt, timeout=600)
    if asked:
        print(f"answers by status: {asked.communicate()[0].splitlines()[-1]}", file=sys.stderr, flush=True)


def _cost(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall seconds of some work, and the processor seconds of the server meanwhile."""
    import psutil

    (server,) = [
        process
        for process in psutil.Process().children(recursive=True)
        if process.cmdline()[1:2] and process.cmdline()[1].endswith("main.py")
    ]
    began, before = time.perf_counter(), server.cpu_times()
    work()
    after = server.cpu_times()
    return time.perf_counter() - began, after.user + after.system - before.user - before.system


def _median(costs: list[tuple[float, float]], which: int) -> float:
    return statistics.median(cost[which] for cost in costs)


def _spread(costs: list[tuple[float, float]], which: int) -> str:
    found = sorted(cost[which] for cost in costs)
    return f"{statistics.median(found):.2f} s ({found[0]:.2f} to {found[-1]:.2f})"


def ratio(ones: list[float], others: list[float]) -> str:
    """Median of the ratios of pairs, with the interval that holds it in 95 of 100 draws of as many pairs (bootstrap)."""
    pairs = [one / other for one, other in zip(ones, others, strict=True)]
    chance = random.Random(0)
    medians = sorted(statistics.median(chance.choices(pairs, k=len(pairs))) for _ in range(DRAWS))
    low, high = medians[round(0.025 * DRAWS)], medians[round(0.975 * DRAWS) - 1]
    return f"{statistics.median(pairs):.4f} (95 % interval {low:.4f} to {high:.4f}, {len(pairs)} pairs)"


async def crowd(url: str, wait_s: str) -> dict[str, int]:
    """Asks for the peaks of the song by `REQUESTS` connections at once, after a wait; the number of answers by status."""
    os.nice(19)
    await asyncio.sleep(float(wait_s))
    host, port = url.removeprefix("http://").rstrip("/").split(":")

    async def ask(columns: int) -> str:
        reader, writer = await asyncio.open_connection(host, int(port))
        line = f"GET /audio_loop/timeline/peaks?audio=song.wav&columns={columns} HTTP/1.1"
        writer.write(f"{line}\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer.split(b" ", 2)[1].decode()

    statuses = await asyncio.gather(*(ask(100 + number % 100) for number in range(REQUESTS)))
    return {status: statuses.count(status) for status in sorted(set(statuses))}


if __name__ == "__main__":
    main()
