"""Seconds and memory of watching a video of four minutes, and of its whole examination, video and sound.

    python benchmarks/watch_video.py [--seconds N] [--width N] [--height N] [--keep FILE]

Makes a video of soft textures that move, turn and grow over one another, with grain, and a song below it, as H.264 at CRF 19;
it is made once and kept at `--keep`. Then it is watched and examined in a process of its own, which tells the time on the
clock, the processor time, the peak of its memory, and the share of each detector.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import _setup

FPS, CRF, WINDOW_SECONDS = 25, "19", 19.88
SAMPLE_RATE = 44_100


def main() -> None:
    """Makes the video if it is not there, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=240, help="length of the video; default %(default)s")
    parser.add_argument("--width", type=int, default=832, help="in pixels; default %(default)s")
    parser.add_argument("--height", type=int, default=448, help="in pixels; default %(default)s")
    parser.add_argument("--keep", type=Path, help="where the video lies or is kept; default a temporary folder")
    parser.add_argument("--examine", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    _setup.enter_environment()
    if options.examine:
        _examine(options.examine)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "video.mp4"
        if not path.exists():
            make_video(path, options.seconds, options.width, options.height)
        command = [sys.executable, __file__, "--examine", str(path)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    print(f"{told['frames']} frames of {told['size']}, {path.name}, {told['megabytes']:.0f} MB\n")
    print("| what | s on the clock | s of processor |")
    print("|---|---|---|")
    for name, clock, processor in told["steps"]:
        print(f"| {name} | {clock:.1f} | {processor:.1f} |")
    print(f"\npeak memory {told['peak']:.0f} MB, of which {told['before']:.0f} MB before the video was opened")


def make_video(path: Path, seconds: int, width: int, height: int) -> None:
    """Encodes the video with its sound; a part of it is put into place when it is whole."""
    import av
    import numpy as np

    part = path.with_name(f"part_{path.name}")
    song = _song(seconds)
    with av.open(str(part), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"crf": CRF, "preset": "veryfast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        step = SAMPLE_RATE // FPS
        for number, picture in enumerate(_pictures(seconds * FPS, width, height)):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
            block = np.ascontiguousarray(song[None, number * step : (number + 1) * step])
            heard = av.AudioFrame.from_ndarray(block, "fltp", "mono")
            heard.sample_rate, heard.pts, heard.time_base = SAMPLE_RATE, number * step, Fraction(1, SAMPLE_RATE)
            container.mux(sound.encode(heard))
        for stream in (video, sound):
            container.mux(stream.encode(None))
    part.replace(path)


def _pictures(count: int, width: int, height: int) -> Any:
    """(height, width, 3) uint8 pictures: a still ground that drifts slowly, a figure that sways and breathes, and grain."""
    import numpy as np
    from scipy import ndimage

    random = np.random.default_rng(9)

    def layer(blur: float) -> Any:
        noise = ndimage.gaussian_filter(random.standard_normal((height + 64, width + 64, 3)), (blur, blur, 0))
        return (110 + 45 * noise / noise.std()).clip(0, 255).astype(np.float32)

    ground, figure = layer(6.0), layer(2.5)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    grain = random.normal(0, 2.0, (8, height, width, 1)).astype(np.float32)
    for number in range(count):
        t = number / FPS
        dx, dy = (32 + 30 * np.sin([0.31 * t, 0.23 * t])).round().astype(int)
        inside = ((columns - 0.2 * np.sin(1.3 * t)) / 0.35) ** 2 + ((rows - 0.05 * np.sin(2.1 * t)) / 0.8) ** 2
        weight = (1 / (1 + np.exp(12 * (inside - 1))))[..., None]
        fx, fy = (32 + 28 * np.sin([1.1 * t, 0.7 * t])).round().astype(int)
        picture = ground[dy : dy + height, dx : dx + width] * (1 - weight) + figure[fy : fy + height, fx : fx + width] * weight
        yield (picture + grain[number % 8]).clip(0, 255).astype(np.uint8)


def _song(seconds: int) -> Any:
    """(N,) float32: a beat, a chord and something like syllables."""
    import numpy as np

    at = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (220, 277.2, 329.6)) * 0.06
    beat = np.sin(2 * np.pi * 60 * at) * np.exp(-12 * (at % 0.5)) * 0.4
    noise = np.random.default_rng(4).standard_normal(len(at)) * np.square(np.sin(2 * np.pi * 2.3 * at)) * 0.05
    return (chord + beat + noise).astype(np.float32)


def _examine(path: Path) -> None:
    from audio_loop.doctor.case import Case
    from audio_loop.doctor.examine import all_detectors
    from audio_loop.loop_control.plan import make_plan
    from audio_loop.tests.peak_memory import PEAK_MEGABYTES
    from audio_loop.watching.watch import watch

    space: dict[str, Any] = {}
    exec(PEAK_MEGABYTES, space)
    peak, before = space["peak_megabytes"], space["peak_megabytes"]()
    steps: list[tuple[str, float, float]] = []

    def timed(name: str, work: Any, *arguments: Any) -> Any:
        clock, processor = time.perf_counter(), time.process_time()
        outcome = work(*arguments)
        steps.append((name, time.perf_counter() - clock, time.process_time() - processor))
        return outcome

    video = timed("watching", watch, path)
    plan = make_plan(
        audio_samples=round(video.duration_seconds * SAMPLE_RATE),
        sample_rate=SAMPLE_RATE,
        window_seconds=WINDOW_SECONDS,
        overlap_seconds=2,
        fps=video.fps,
    )
    case = Case(video, plan, song=path)
    for name, look in all_detectors().items():
        timed(name, look, case)
    steps.append(("the whole examination", sum(step[1] for step in steps), sum(step[2] for step in steps)))
    told = {
        "frames": len(video.frames),
        "size": f"{video.width}x{video.height}",
        "megabytes": path.stat().st_size / 1e6,
        "steps": steps,
        "peak": peak(),
        "before": before,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
