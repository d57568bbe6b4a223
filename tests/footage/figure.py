"""A person to the middle of the chest, drawn from numbers, so that one can turn gradually into another."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SCALE = 2
"""Drawn larger than it is shown, so that it may be turned and shifted."""


@dataclass(frozen=True)
class Looks:
    """A face in numbers; lengths are shares of the head's height, colours are luma and two differences, 0 to 1 and around 0.

    Attributes:
        skin, hair, clothes, iris: Colours.
        head_width, jaw, hair_line, hair_length, fringe, eye_distance, eye_size, brow, nose, mouth_width, beard: Shapes.
    """

    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    clothes: tuple[float, float, float]
    iris: tuple[float, float, float]
    head_width: float
    jaw: float
    hair_line: float
    hair_length: float
    fringe: float
    eye_distance: float
    eye_size: float
    brow: float
    nose: float
    mouth_width: float
    beard: float

    def towards(self, other: Looks, share: float) -> Looks:
        """Looks a share of the way to another's."""
        mixed = {}
        for field in fields(self):
            a, b = np.asarray(getattr(self, field.name)), np.asarray(getattr(other, field.name))
            value = a + share * (b - a)
            mixed[field.name] = tuple(map(float, value)) if value.ndim else float(value)
        return Looks(**mixed)


SKINS = ((0.78, -0.045, 0.055), (0.66, -0.07, 0.075), (0.5, -0.075, 0.08), (0.34, -0.05, 0.06), (0.84, -0.03, 0.04))
HAIRS = ((0.1, 0.0, 0.01), (0.24, -0.05, 0.06), (0.62, -0.14, 0.05), (0.8, -0.01, 0.0), (0.36, -0.1, 0.14))
CLOTHES = ((0.3, 0.12, -0.05), (0.5, -0.05, 0.16), (0.75, 0.0, 0.0), (0.2, 0.02, 0.0), (0.45, -0.1, -0.08))
IRISES = ((0.25, -0.05, 0.05), (0.45, 0.08, -0.06), (0.4, -0.02, -0.05))


def draw_looks(random: np.random.Generator, unlike: Looks | None = None) -> Looks:
    """Somebody; `unlike` somebody has another skin, other hair and another shape."""

    def pick(table: tuple[tuple[float, float, float], ...], not_this: tuple[float, float, float] | None):
        distances = [0.2 if not_this is None else abs(each[0] - not_this[0]) for each in table]
        candidates = [each for each, distance in zip(table, distances, strict=True) if distance > 0.11]
        return candidates[random.integers(len(candidates))]

    def shape(low: float, high: float, was: float | None) -> float:
        value = random.uniform(low, high)
        if was is None:
            return value
        return (
            high - 0.15 * (high - low) * random.random()
            if was < (low + high) / 2
            else low + 0.15 * (high - low) * random.random()
        )

    was = unlike
    return Looks(
        skin=pick(SKINS, was and was.skin),
        hair=pick(HAIRS, was and was.hair),
        clothes=pick(CLOTHES, was and was.clothes),
        iris=IRISES[random.integers(len(IRISES))],
        head_width=shape(0.66, 0.84, was and was.head_width),
        jaw=shape(0.6, 0.95, was and was.jaw),
        hair_line=shape(0.12, 0.28, was and was.hair_line),
        hair_length=shape(0.25, 1.05, was and was.hair_length),
        fringe=shape(0.0, 0.14, was and was.fringe),
        eye_distance=shape(0.15, 0.2, was and was.eye_distance),
        eye_size=shape(0.05, 0.085, was and was.eye_size),
        brow=shape(0.012, 0.04, was and was.brow),
        nose=shape(0.1, 0.17, was and was.nose),
        mouth_width=shape(0.13, 0.2, was and was.mouth_width),
        beard=shape(0.0, 1.0, was and was.beard),
    )


class Figure:
    """A person whose head is `head_px` high, on a canvas of its own."""

    def __init__(self, looks: Looks, head_px: float, *, outlines: bool = False) -> None:
        self.looks, self.outlines = looks, outlines
        self.unit = head_px * SCALE
        self.width, self.height = int(1.9 * self.unit), int(1.75 * self.unit)
        self.still = self._body()
        self.places = {part: self._box(part) for part in ("eyes", "mouth")}

    def picture(self, open_mouth: float, lids: float) -> Image.Image:
        """YUVA picture: `open_mouth` 0 to 1.1, `lids` 0 for open eyes, 1 for closed ones."""
        image = self.still.copy()
        draw = ImageDraw.Draw(image)
        self._eyes(draw, lids)
        self._mouth(draw, open_mouth)
        for box in self.places.values():
            image.paste(image.crop(box).filter(ImageFilter.BoxBlur(1)), box)
        return image

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """A place, in heads from the middle of the head."""
        return self.width / 2 + x * self.unit, (0.62 + y) * self.unit

    def _oval(self, draw: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float, colour, outline: bool = True) -> None:
        cx, cy = self._point(x, y)
        edge = {"outline": (20, 128, 128, 255), "width": 3} if self.outlines and outline else {}
        draw.ellipse((cx - rx * self.unit, cy - ry * self.unit, cx + rx * self.unit, cy + ry * self.unit), fill=colour, **edge)

    def _box(self, part: str) -> tuple[int, int, int, int]:
        looks = self.looks
        x, y0, y1 = (looks.eye_distance + 0.12, -0.19, 0.05) if part == "eyes" else (looks.mouth_width + 0.04, 0.16, 0.44)
        (left, top), (right, bottom) = self._point(-x, y0), self._point(x, y1)
        return int(left), int(top), int(right), int(bottom)

    def _body(self) -> Image.Image:
        looks = self.looks
        image = Image.new("CMYK", (self.width, self.height), (110, 128, 128, 0))
        draw = ImageDraw.Draw(image)
        skin, hair, clothes = (_ink(each) for each in (looks.skin, looks.hair, looks.clothes))
        darker = _ink((looks.skin[0] * 0.82, looks.skin[1], looks.skin[2]))
        half = looks.head_width / 2
        self._oval(draw, 0, looks.hair_length * 0.35 - 0.12, half + 0.07, 0.5 + looks.hair_length * 0.32, hair)
        self._oval(draw, 0, 1.12, 0.86, 0.55, clothes)
        self._oval(draw, 0, 0.5, 0.17, 0.25, darker)
        for side in (-1, 1):
            self._oval(draw, side * half, 0.02, 0.05, 0.09, skin)
        self._oval(draw, 0, -0.06, half, 0.44, skin, outline=False)
        self._oval(draw, 0, 0.12, half * (0.75 + 0.25 * looks.jaw), 0.38, skin)
        beard = 0.55 * looks.beard
        shadow = tuple(s + beard * (h - s) for s, h in zip(looks.skin, looks.hair, strict=True))
        if looks.beard > 0.1:
            self._oval(draw, 0, 0.32, half * 0.66, 0.185, _ink(shadow), outline=False)
        self._oval(draw, 0, -0.44 + looks.hair_line * 0.3, half + 0.02, looks.hair_line, hair)
        self._oval(draw, -half * 0.5, -0.33, half * 0.55, 0.05 + looks.fringe, hair, outline=False)
        x, y = self._point(0, 0.1)
        length = looks.nose * self.unit
        draw.polygon([(x, y - length), (x - 0.05 * self.unit, y), (x + 0.055 * self.unit, y)], fill=darker)
        image = image.filter(ImageFilter.BoxBlur(1))
        if self.outlines:
            return image
        # Skin, cloth and hair have a surface; a drawing has none.
        numbers = np.asarray(image).astype(np.float32)
        random = np.random.default_rng(5)
        surface = _smooth(random.normal(0, 1, numbers.shape[:2]).astype(np.float32))
        fall = np.linspace(1.08, 0.9, self.width, dtype=np.float32)[None, :]
        numbers[..., 0] = np.clip(numbers[..., 0] * fall + 9 * surface, 0, 255)
        return Image.fromarray(numbers.astype(np.uint8), "CMYK")

    def _eyes(self, draw: ImageDraw.ImageDraw, lids: float) -> None:
        looks = self.looks
        for side in (-1, 1):
            x, open_by = side * looks.eye_distance, max(0.08, 1 - lids)
            self._oval(draw, x, -0.06, looks.eye_size * 1.25, looks.eye_size * 0.62 * open_by, (235, 128, 128, 255))
            if open_by > 0.3:
                self._oval(
                    draw, x, -0.06, looks.eye_size * 0.55, looks.eye_size * 0.55 * open_by, _ink(looks.iris), outline=False
                )
            self._oval(draw, x, -0.16, looks.eye_size * 1.4, looks.brow * 0.6, _ink(looks.hair), outline=False)

    def _mouth(self, draw: ImageDraw.ImageDraw, open_mouth: float) -> None:
        looks = self.looks
        gap = 0.006 + 0.088 * max(0.0, open_mouth)
        wide = looks.mouth_width * (0.92 - 0.12 * min(1.0, open_mouth))
        lips = (looks.skin[0] * 0.68, looks.skin[1] - 0.01, looks.skin[2] + 0.07)
        self._oval(draw, 0, 0.25 + gap * 0.7, wide, gap + 0.026, _ink(lips))
        self._oval(draw, 0, 0.25 + gap * 0.7, wide * 0.86, gap, (28, 128, 140, 255), outline=False)
        if open_mouth > 0.45:
            self._oval(draw, 0, 0.25 + gap * 0.1, wide * 0.5, gap * 0.22, (200, 126, 130, 255), outline=False)


def _ink(colour: tuple[float, ...]) -> tuple[int, int, int, int]:
    y, u, v = colour
    return int(255 * y), int(128 + 255 * u), int(128 + 255 * v), 255


def _smooth(noise: NDArray[np.float32]) -> NDArray[np.float32]:
    once = noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1) + np.roll(noise, (1, 1), (0, 1))
    return (once + np.roll(once, 2, 0) + np.roll(once, 2, 1)) / 6
