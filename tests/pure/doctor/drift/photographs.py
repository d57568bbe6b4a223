"""Videos of real photographs that packages bring along, watched without a file between: a camera that wanders over one."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from audio_loop.doctor.case import Case
from audio_loop.loop_control.plan import make_plan
from audio_loop.watching.sharpness import Sharpness
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, FrameFacts, SamplePicture, WatchedVideo

FPS = 2
HEIGHT, WIDTH = 160, 288


@cache
def photograph(name):
    """(h, w, 3) float32 of 0 to 255: "hopper", a portrait; "china", a temple; "flower"."""
    if name == "hopper":
        path = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    else:
        path = Path(find_spec("sklearn").origin).parent / "datasets" / "images" / f"{name}.jpg"
    return np.asarray(Image.open(path).convert("RGB"), np.float32)


def wander(name, seconds, change=None, seed=0, height=HEIGHT, width=WIDTH, reach=40, source=None, noise=1.5):
    """Frames (h, w, 3) float32: a camera wanders over a photograph; `change(picture, t)` with t from 0 to 1 alters each."""
    source = photograph(name) if source is None else source
    random = np.random.default_rng(seed)
    top, left = ((edge - size) // 2 for edge, size in zip(source.shape, (height, width), strict=False))
    phases, speeds = random.uniform(0, 6.28, 4), random.uniform(0.15, 0.4, 4)
    count = round(seconds * FPS)
    for number in range(count):
        at = number / FPS
        y, x = (reach / 2 * (np.sin(speeds[k] * at + phases[k]) + np.sin(speeds[k + 2] * at + phases[k + 2])) for k in (0, 1))
        cut = [max(0, min(round(start + move), edge - size)) for start, move, edge, size in
               ((top, y, source.shape[0], height), (left, x, source.shape[1], width))]  # fmt: skip
        picture = source[cut[0] : cut[0] + height, cut[1] : cut[1] + width]
        if change is not None:
            picture = change(picture, number / max(1, count - 1))
        yield picture + random.normal(0, noise, picture.shape).astype(np.float32)


def watched(pictures, fps=FPS):
    """A `WatchedVideo` of pictures (h, w, 3) of 0 to 255, without their motion."""
    rows, samples, sharpness = [], [], None
    for index, picture in enumerate(pictures):
        red, green, blue = np.moveaxis(np.clip(picture, 0, 255).astype(np.float32) / 255, -1, 0)
        luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue).astype(np.float32)
        blue, red = (blue - luma) / 1.8556, (red - luma) / 1.5748
        colour = np.sqrt(np.square(blue).mean() + np.square(red).mean())
        stored = np.rint(luma * 255).astype(np.uint8)
        sharpness = sharpness or Sharpness(*stored.shape)
        rows.append((luma.mean(), luma.std(), blue.mean(), red.mean(), colour, sharpness.of(stored) / 255))
        if index % max(1, fps // 2) == 0:
            samples.append(SamplePicture(index, small(picture)))
    count = len(rows)
    still, cells = np.zeros(count, np.float32), np.zeros((count, CELL_ROWS, CELL_COLUMNS))
    facts = FrameFacts(
        np.arange(count) / fps, *np.array(rows, np.float32).T, *[still] * 5, cells.astype(np.uint8), cells.astype(np.float16)
    )
    return WatchedVideo(Path("photograph.mp4"), WIDTH, HEIGHT, Fraction(fps), "none", facts, tuple(samples), False)


def small(picture):
    """(h / 2, w / 2, 3) uint8 of a picture."""
    rows, columns = (edge // 2 for edge in picture.shape[:2])
    return np.rint(np.clip(picture.reshape(rows, 2, columns, 2, 3).mean((1, 3)), 0, 255)).astype(np.uint8)


def plan_for(seconds, window=8.0, overlap=1.0):
    """A plan whose windows add about 7 s each."""
    return make_plan(
        audio_samples=round(seconds * 44100), sample_rate=44100, fps=FPS, window_seconds=window, overlap_seconds=overlap
    )


def case_of(pictures, plan=None, schedule=None):
    """A case of pictures."""
    return Case(watched(pictures), plan, None, schedule)


def luma_of(picture):
    """(h, w, 1) luma."""
    return picture @ np.array([0.2126, 0.7152, 0.0722], np.float32)[:, None]


def tinted(amount):
    """Towards orange: red up, blue down by `amount` of 255 at the end."""
    return lambda picture, t: picture + t * amount * np.array([1, 0, -1], np.float32)


def contrasted(ratio):
    """Contrast of a middle grey times `ratio` at the end."""
    return lambda picture, t: 128 + (picture - 128) * ratio**t


def saturated(ratio):
    """Colourfulness times `ratio` at the end."""
    return lambda picture, t: luma_of(picture) + (picture - luma_of(picture)) * ratio**t


def blurred(sigma):
    """Blurred by a Gaussian of `sigma` pixels at the end."""
    return lambda picture, t: ndimage.gaussian_filter(picture, (sigma * t, sigma * t, 0))
