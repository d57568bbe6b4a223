"""A video before it is encoded: what each of its frames shows, as numbers that defects change, and its sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from .clips import Clip
from .scenes import Moment, Scene
from .sounds import Samples
from .textures import Picture
from .values import Joins

Numbers = NDArray[np.float64]
Frame = NDArray[np.uint8]

NEUTRAL = {
    "scene": 0.0,
    "seconds": 0.0,
    "mouth": 0.0,
    "grain": 0.0,
    "pan_x": 0.0,
    "pan_y": 0.0,
    "identity": 0.0,
    "style": 0.0,
    "mix": 0.0,
    "zoom": 1.0,
    "gain": 1.0,
    "contrast": 1.0,
    "blue": 0.0,
    "red": 0.0,
    "blur": 0.0,
    "sharpen": 0.0,
    "ruin": 0.0,
}
"""Columns of `Take.shots`: `scene` is its number, `seconds` its time, `mix` the share of the foreign scene, `blur` a deviation
in pixels, `sharpen` a share of what is finer than that, `ruin` 1 for black, 2 for flat, 3 for garbage."""


@dataclass
class Take:
    """What will be a video of N frames.

    Attributes:
        scenes: Its places.
        foreign: A place that it has nothing to do with.
        shots: Column -> (N,) what each frame shows; see `NEUTRAL`.
        shown: (N,) whether a frame is in the file; one that is not leaves a hole.
        joins: Where its windows are.
        song: What it is made for.
        muxed: What is in the file.
        entries: (seconds as they are written, prompt); empty for no schedule.
        grain_level: Deviation of the grain, of white.
        other_mouth: Openness of the mouth of somebody who says something else, (N,).
        seed: It was made from.
    """

    scenes: Sequence[Scene | Clip]
    foreign: Scene | Clip
    shots: dict[str, Numbers]
    shown: NDArray[np.bool_]
    joins: Joins
    song: Samples
    muxed: Samples
    entries: list[tuple[float, str]]
    grain_level: float
    other_mouth: Numbers
    seed: int
    _grain: NDArray[np.float32] | None = field(default=None, repr=False)

    def frames(self) -> Iterator[tuple[int, Frame]]:
        """(number, I420 planes stacked as PyAV takes them) of each frame that is in the file."""
        last_key, last = None, None
        for index in range(self.joins.frames):
            if not self.shown[index]:
                continue
            key = tuple(column[index] for column in self.shots.values())
            if key != last_key or last is None:
                last_key, last = key, self._frame(index)
            yield index, last

    def hold(self, frames: slice, source: int) -> None:
        """Frames that show exactly what another one does."""
        for column in self.shots.values():
            column[frames] = column[source]

    def _frame(self, index: int) -> Frame:
        shot = {name: float(column[index]) for name, column in self.shots.items()}
        height, width = self.scenes[0].height, self.scenes[0].width
        if shot["ruin"]:
            return _ruined(int(shot["ruin"]), height, width, np.random.default_rng([self.seed, 74]))
        moment = Moment(shot["seconds"], shot["mouth"], (shot["pan_x"], shot["pan_y"]), shot["identity"], shot["style"])
        planes = list(self.scenes[int(shot["scene"])].picture(moment))
        if shot["mix"]:
            others = self.foreign.picture(moment)
            planes = [mine + np.float32(shot["mix"]) * (other - mine) for mine, other in zip(planes, others, strict=True)]
        if shot["zoom"] != 1.0:
            planes = [_zoomed(plane, shot["zoom"]) for plane in planes]
        return _finished((planes[0], planes[1], planes[2]), shot, self._grain_at(int(shot["grain"]), height, width))

    def _grain_at(self, number: int, height: int, width: int) -> NDArray[np.float32]:
        if self._grain is None:
            random = np.random.default_rng([self.seed, 75])
            noise = random.standard_normal((height + 96, width + 96)).astype(np.float32)
            noise = 0.8 * noise + 0.35 * (np.roll(noise, 1, 0) + np.roll(noise, 1, 1))
            self._grain = noise * np.float32(self.grain_level)
        top, left = np.random.default_rng([self.seed, number]).integers(0, 96, 2)
        return self._grain[top : top + height, left : left + width]


def _finished(planes: Picture, shot: dict[str, float], grain: NDArray[np.float32]) -> Frame:
    luma, blue, red = planes[0] + grain, planes[1], planes[2]
    if shot["blur"]:
        luma = gaussian_filter(luma, shot["blur"], truncate=2.5)
        blue, red = (gaussian_filter(each, shot["blur"] / 2, truncate=2.5) for each in (blue, red))
    if shot["sharpen"]:
        luma = luma + np.float32(shot["sharpen"]) * (luma - gaussian_filter(luma, 0.8, truncate=2.5))
    if shot["contrast"] != 1.0:
        factor = np.float32(shot["contrast"])
        luma, blue, red = (luma - np.float32(0.45)) * factor + np.float32(0.45), blue * factor, red * factor
    out = np.empty((luma.shape[0] * 3 // 2, luma.shape[1]), np.float32)
    height = luma.shape[0]
    np.multiply(luma, np.float32(219 * shot["gain"]), out=out[:height])
    out[:height] += np.float32(16.5)
    colours = out[height:].reshape(2, height // 2, luma.shape[1] // 2)
    colours[0] = 224 * blue + np.float32(224 * shot["blue"] + 128.5)
    colours[1] = 224 * red + np.float32(224 * shot["red"] + 128.5)
    np.clip(out, 16, 240, out=out)
    return out.astype(np.uint8)


def _zoomed(plane: NDArray[np.float32], zoom: float) -> NDArray[np.float32]:
    height, width = plane.shape
    matrix = (1 / zoom, 0, width / 2 * (1 - 1 / zoom), 0, 1 / zoom, height / 2 * (1 - 1 / zoom))
    image = Image.fromarray(plane)
    return np.asarray(image.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC))


def _ruined(how: int, height: int, width: int, random: np.random.Generator) -> Frame:
    frame = np.full((height * 3 // 2, width), 128, np.uint8)
    if how == 1:
        frame[:height] = 16
    elif how == 2:
        frame[:height] = 126
    else:
        blocks = random.integers(16, 236, (height // 16 + 1, width // 16 + 1)).astype(np.uint8)
        frame[:height] = np.kron(blocks, np.ones((16, 16), np.uint8))[:height, :width]
    return frame
