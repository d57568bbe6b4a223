"""A place with things and perhaps a person in it, seen by a camera: any moment of it as a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .figure import Figure, draw_looks
from .textures import Picture, Wallpaper, leaves, photographic

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Mood:
    """What a scene is like.

    Attributes:
        liveliness: 0 for somebody who hardly moves, 1 for an ordinary shot, 2 for a lively one.
        drawn: Whether it is an illustration.
        person: Whether somebody is in it.
        things: Number of things that drift through it.
        flashes: Whether lights flash now and then.
        pan_px: Pixels a second by which the camera pans at least, in a picture of 176 lines.
    """

    liveliness: float
    drawn: bool
    person: bool
    things: int
    flashes: bool
    pan_px: float = 0.0


@dataclass(frozen=True)
class Moment:
    """What of a scene is shown; times in seconds.

    Attributes:
        scene: Of the scene's movement.
        mouth_open: 0 to 1.1.
        pan: Extra shift of the camera in pixels, (x, y).
        identity: 0 for the person, 1 for another one.
        style: 0 as the scene is, 1 as a photograph.
    """

    scene: float
    mouth_open: float
    pan: tuple[float, float] = (0.0, 0.0)
    identity: float = 0.0
    style: float = 0.0


class Scene:
    """A scene of `height` x `width` pixels, made from a seed; scenes of the same `person` show the same one."""

    def __init__(self, seed: int, height: int, width: int, mood: Mood, person: int) -> None:
        random = np.random.default_rng([seed, 72])
        self.height, self.width, self.mood = height, width, mood
        self.unit = height / 176
        tall, wide = int(height * 1.4) // 2 * 2, int(width * 1.4) // 2 * 2
        flat = leaves(random, tall, wide, outlines=mood.drawn)
        photo = photographic(random, tall, wide, flat)
        self.photo = self._papers(photo)
        self.flat = self._papers(flat) if mood.drawn else None
        self.waves = _Waves(random)
        pans = mood.liveliness > 1.1 or random.random() < 0.6
        speed = mood.liveliness * random.uniform(1.2, 3.5) * self.unit if pans else 0.0
        speed = max(speed, mood.pan_px * self.unit)
        angle = random.choice([0, np.pi]) + random.normal(0, 0.25)
        self.velocity = (speed * np.cos(angle), speed * np.sin(angle))
        self.place = random.uniform(0, (wide, tall))
        self.things = [_Thing(random, self.unit, width, height, mood) for _ in range(mood.things)]
        self.people: dict[int, Figure] = {}
        someone = np.random.default_rng([person, 73])
        self.looks = draw_looks(someone)
        self.other_looks = draw_looks(someone, self.looks)
        self.head_px = someone.uniform(92, 122) * self.unit
        self.person_at = (width * someone.uniform(0.38, 0.62), height * someone.uniform(0.5, 0.56))
        self.blinks = np.cumsum(random.uniform(1.6, 5.0, 60))
        gaps = random.uniform(2.0, 7.0, 30)
        self.flash_times = np.cumsum(gaps) if mood.flashes else np.empty(0)
        self.flash_gain = random.uniform(0.1, 0.3)
        yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
        corner = random.uniform((0, 0), (width, height))
        distance = np.hypot(xx - corner[0], yy - corner[1]) / np.hypot(width, height)
        self.light = (1.06 - 0.16 * distance).astype(np.float32)

    def picture(self, moment: Moment) -> Picture:
        """Luma at full size and two differences at half size, without grain."""
        seconds = moment.scene
        calm = 0.4 + 1.2 * self.mood.liveliness
        sway_x, sway_y = (calm * self.unit * each for each in (self.waves.at(0, seconds, 3.0), self.waves.at(1, seconds, 2.0)))
        x = self.place[0] + self.velocity[0] * seconds + sway_x + moment.pan[0]
        y = self.place[1] + self.velocity[1] * seconds + sway_y + moment.pan[1]
        planes = self._background(y, x, moment.style)
        light = 1 + 0.025 * self.waves.at(2, seconds, 1.0) + self._flash(seconds)
        for thing in self.things:
            _lay(planes, *thing.at(seconds, moment.pan))
        if self.mood.person:
            _lay(planes, *self._person(seconds, moment, (sway_x, sway_y)))
        warmth = np.float32(0.004 * self.waves.at(3, seconds, 1.0))
        luma = planes[0] * (self.light * np.float32(light))
        return luma, planes[1] - warmth, planes[2] + warmth

    def _papers(self, picture: Picture) -> tuple[Wallpaper, Wallpaper, Wallpaper]:
        small = [(each[::2, ::2] + each[1::2, ::2] + each[::2, 1::2] + each[1::2, 1::2]) / 4 for each in picture[1:]]
        half = self.height // 2, self.width // 2
        return Wallpaper(picture[0], self.height, self.width), Wallpaper(small[0], *half), Wallpaper(small[1], *half)

    def _background(self, y: float, x: float, style: float) -> list[NDArray[np.float32]]:
        if self.flat is None:
            return [paper.cut(y / part, x / part) for paper, part in zip(self.photo, (1, 2, 2), strict=True)]
        out = [paper.cut(y / part, x / part) for paper, part in zip(self.flat, (1, 2, 2), strict=True)]
        if style > 0:
            for index, (paper, part) in enumerate(zip(self.photo, (1, 2, 2), strict=True)):
                out[index] += np.float32(style) * (paper.cut(y / part, x / part) - out[index])
        return out

    def _flash(self, seconds: float) -> float:
        since = seconds - self.flash_times
        since = since[(since >= 0) & (since < 0.6)]
        return float(self.flash_gain * np.exp(-since / 0.12).sum())

    def _person(
        self, seconds: float, moment: Moment, sway: tuple[float, float]
    ) -> tuple[Image.Image, float, float, float, float]:
        figure = self._figure(moment.identity, moment.style)
        since = seconds - self.blinks
        lids = float(np.clip(1 - np.abs(since - 0.1) / 0.1, 0, 1).max())
        calm = 0.35 + 0.65 * min(1.0, self.mood.liveliness)
        breath = 0.9 * np.sin(2 * np.pi * 0.26 * seconds + self.waves.phase)
        x = self.person_at[0] + calm * 4 * self.unit * self.waves.at(4, seconds, 1.0) - sway[0] - moment.pan[0]
        y = self.person_at[1] + self.unit * (calm * 2 * self.waves.at(5, seconds, 1.0) + breath) - sway[1] - moment.pan[1]
        turn = calm * 0.035 * self.waves.at(6, seconds, 1.0)
        return figure.picture(moment.mouth_open, lids), x, y, turn, 0.5

    def _figure(self, identity: float, style: float) -> Figure:
        """The person, or one between two; steps of one percent, so that few are drawn."""
        key = round(100 * identity) + 1000 * round(4 * style)
        if key not in self.people:
            looks = self.looks.towards(self.other_looks, identity) if identity else self.looks
            self.people.clear()
            self.people[key] = Figure(looks, self.head_px, outlines=self.mood.drawn and style < 0.5)
        return self.people[key]


class _Waves:
    """Slow smooth curves, each the sum of three sines, about -1 to 1."""

    def __init__(self, random: np.random.Generator) -> None:
        self.hz = random.uniform(0.03, 0.32, (8, 3))
        self.turn = random.uniform(0, 2 * np.pi, (8, 3))
        self.phase = random.uniform(0, 6)

    def at(self, index: int, seconds: float, size: float) -> float:
        return float(size * np.sin(2 * np.pi * self.hz[index] * seconds + self.turn[index]).sum() / 2)


class _Thing:
    """Something that drifts and turns, or, in a lively scene, an arm that goes with the beat."""

    def __init__(self, random: np.random.Generator, unit: float, width: int, height: int, mood: Mood) -> None:
        size = int(random.uniform(36, 66) * unit) * 2
        flat = leaves(random, size, size, outlines=mood.drawn, count=14)
        planes = flat if mood.drawn else photographic(random, size, size, flat)
        yy, xx = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
        self.beat = mood.liveliness > 1.2 and random.random() < 0.6
        radius = np.hypot(yy * (2.6 if self.beat else random.uniform(1, 1.5)), xx)
        tint = random.normal(0, 0.05, 2)
        numbers = [planes[0] * 255, 128 + 255 * (planes[1] + tint[0]), 128 + 255 * (planes[2] + tint[1])]
        numbers.append(255 * np.clip((0.95 - radius) * size / 8, 0, 1))
        stacked = np.clip(np.stack(numbers, -1), 0, 255).astype(np.uint8)
        self.image = Image.fromarray(stacked, "CMYK")
        side = random.choice([0.14, 0.86])
        self.start = (width * (side + random.normal(0, 0.06)), height * random.uniform(0.2, 0.85))
        self.reach = unit * np.array([random.uniform(8, 26), random.uniform(5, 14)]) * max(0.25, mood.liveliness)
        self.waves = _Waves(random)
        self.spin = random.uniform(-0.25, 0.25) * mood.liveliness
        self.beat_hz = random.uniform(0.7, 1.5)

    def at(self, seconds: float, pan: tuple[float, float]) -> tuple[Image.Image, float, float, float, float]:
        turn = self.spin * seconds
        if self.beat:
            turn = 0.35 * np.sin(2 * np.pi * self.beat_hz * seconds) + 0.2 * self.waves.at(2, seconds, 1.0)
        x = self.start[0] + self.reach[0] * self.waves.at(0, seconds, 1.0) - pan[0]
        y = self.start[1] + self.reach[1] * self.waves.at(1, seconds, 1.0) - pan[1]
        return self.image, x, y, turn, 0.5


def _lay(planes: list[NDArray[np.float32]], image: Image.Image, x: float, y: float, turn: float, scale: float) -> None:
    """Lays a YUVA picture, turned and scaled, over planes with its middle at (x, y)."""
    height, width = planes[0].shape
    half_w, half_h = image.width * scale / 2, image.height * scale / 2
    reach_x = abs(np.cos(turn)) * half_w + abs(np.sin(turn)) * half_h
    reach_y = abs(np.sin(turn)) * half_w + abs(np.cos(turn)) * half_h
    left, top = max(0, int(x - reach_x)) // 2 * 2, max(0, int(y - reach_y)) // 2 * 2
    right, bottom = min(width, int(x + reach_x) + 2) // 2 * 2, min(height, int(y + reach_y) + 2) // 2 * 2
    if right <= left or bottom <= top:
        return
    cos, sin = np.cos(turn) / scale, np.sin(turn) / scale
    x0, y0 = left - x, top - y
    matrix = (cos, sin, image.width / 2 + cos * x0 + sin * y0, -sin, cos, image.height / 2 - sin * x0 + cos * y0)
    cut = image.transform((right - left, bottom - top), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    numbers = np.asarray(cut).astype(np.float32)
    alpha = numbers[..., 3] * np.float32(1 / 255)
    part = planes[0][top:bottom, left:right]
    part += alpha * (numbers[..., 0] * np.float32(1 / 255) - part)
    small = alpha[::2, ::2]
    for index in (1, 2):
        part = planes[index][top // 2 : bottom // 2, left // 2 : right // 2]
        part += small * ((numbers[::2, ::2, index] - 128) * np.float32(1 / 255) - part)
