"""Pictures that look like nature to statistics: 1/f noise, and leaves that hide each other; each repeats at its edges.

Natural pictures have an amplitude spectrum near 1/f (Field 1987); occluding shapes whose sizes fall with the third power
have it too, and have edges as well (Lee, Mumford and Huang 2001). A picture is three planes of float32 at full size:
luma 0 to 1, blue and red difference around 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Plane = NDArray[np.float32]
Picture = tuple[Plane, Plane, Plane]


def one_over_f(random: np.random.Generator, height: int, width: int, power: float = 1.1, finest: float = 0.35) -> Plane:
    """Noise of mean 0 and deviation 1 whose amplitude falls with frequency**power; nothing beyond `finest` cycles a pixel."""
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    radius = np.hypot(fy, fx)
    radius[0, 0] = 1.0
    gain = radius**-power * np.exp(-((radius / finest) ** 4))
    gain[0, 0] = 0.0
    noise = random.standard_normal(gain.shape) + 1j * random.standard_normal(gain.shape)
    out = np.fft.irfft2(noise * gain, (height, width))
    return (out / out.std()).astype(np.float32)


def leaves(random: np.random.Generator, height: int, width: int, *, outlines: bool, count: int = 130) -> Picture:
    """Shapes that hide each other, in a palette of a few hues; `outlines` draws them as an illustrator would."""
    scale = 2
    image = Image.new("YCbCr", (width * scale, height * scale), (110, 128, 128))
    draw = ImageDraw.Draw(image)
    palette = random.uniform((0.18, -0.13, -0.13), (0.85, 0.13, 0.13), (7, 3))
    sizes = 0.05 * min(height, width) / np.sqrt(random.uniform(0.006, 1.0, count))
    order = np.argsort(-sizes + random.normal(0, 15, count))
    for index in order:
        radius = float(min(sizes[index], 0.45 * height)) * scale
        y, u, v = palette[random.integers(len(palette))] + random.normal(0, (0.06, 0.015, 0.015))
        colour = tuple(int(np.clip(each, 0, 255)) for each in (255 * y, 128 + 255 * u, 128 + 255 * v))
        corners = random.integers(3, 9)
        angles = np.sort(random.uniform(0, 2 * np.pi, corners))
        stretch = random.uniform(0.6, 1.0)
        middle = random.uniform((0, 0), (width * scale, height * scale))
        oval = random.random() < 0.55
        for dx in (-width * scale, 0, width * scale):
            for dy in (-height * scale, 0, height * scale):
                x0, y0 = middle[0] + dx, middle[1] + dy
                if not (-radius < x0 < width * scale + radius and -radius < y0 < height * scale + radius):
                    continue
                edge = {"outline": (25, 128, 128), "width": 2 * scale} if outlines else {}
                if oval:
                    box = (x0 - radius, y0 - radius * stretch, x0 + radius, y0 + radius * stretch)
                    draw.ellipse(box, fill=colour, **edge)
                else:
                    points = [(x0 + radius * np.cos(a), y0 + radius * stretch * np.sin(a)) for a in angles]
                    draw.polygon(points, fill=colour, **edge)
    # A lens that blurs a little: steps of one pixel would shimmer under motion, which is no defect of a video.
    small = image.resize((width, height), Image.Resampling.BICUBIC)
    y, u, v = (np.asarray(plane, np.float32) / 255 for plane in small.split())
    return y, u - 0.5, v - 0.5


def photographic(random: np.random.Generator, height: int, width: int, flat: Picture) -> Picture:
    """The same shapes as they would be photographed: with surface, shading and softened edges."""
    surface = one_over_f(random, height, width, 0.9)
    shade = one_over_f(random, height, width, 1.8)
    hue = one_over_f(random, height, width, 1.6)
    y = np.clip(flat[0] * (1 + 0.16 * shade) + 0.055 * surface, 0.04, 0.96)
    return (
        y.astype(np.float32),
        (flat[1] * 0.8 + 0.014 * hue).astype(np.float32),
        (flat[2] * 0.8 - 0.014 * hue).astype(np.float32),
    )


class Wallpaper:
    """A picture that repeats, cut at places between pixels.

    It is kept at four phases half a pixel apart, shifted exactly by its spectrum, so that what is in between loses next to
    no detail: sharpness must not swing with the motion.
    """

    def __init__(self, plane: Plane, height: int, width: int) -> None:
        self.size = plane.shape
        spectrum = np.fft.rfft2(plane)
        fy, fx = np.fft.fftfreq(plane.shape[0])[:, None], np.fft.rfftfreq(plane.shape[1])[None, :]
        self.phases = []
        for half_y in (0.0, 0.5):
            for half_x in (0.0, 0.5):
                turn = np.exp(2j * np.pi * (fy * half_y + fx * half_x))
                shifted = np.fft.irfft2(spectrum * turn, plane.shape).astype(np.float32)
                self.phases.append(np.pad(shifted, ((0, height + 2), (0, width + 2)), mode="wrap"))
        self.height, self.width = height, width

    def cut(self, y: float, x: float) -> Plane:
        """(height, width) whose upper left corner lies at a place in pixels."""
        fine_y, fine_x = 2 * (y % self.size[0]), 2 * (x % self.size[1])
        row, column = int(fine_y), int(fine_x)
        wy, wx = np.float32(fine_y - row), np.float32(fine_x - column)
        out = self._at(row, column) * ((1 - wy) * (1 - wx))
        for dy, dx, weight in ((0, 1, (1 - wy) * wx), (1, 0, wy * (1 - wx)), (1, 1, wy * wx)):
            if weight > 0.004:
                out += self._at(row + dy, column + dx) * weight
        return out

    def _at(self, row: int, column: int) -> Plane:
        plane = self.phases[2 * (row % 2) + column % 2]
        top, left = row // 2, column // 2
        return plane[top : top + self.height, left : left + self.width]
