"""Draws the icon and the banner that the registry shows, into docs/registry/.

Windows that overlap, over the wave of a song. Nothing is read; the same pictures come out on every machine.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import _bootstrap  # noqa: F401
from PIL import Image, ImageDraw

from audio_loop.comfy_host.environment import REPOSITORY

FOLDER = REPOSITORY / "docs" / "registry"
ICON, ICON_SIZE_PX = "icon.png", (400, 400)
BANNER, BANNER_SIZE_PX = "banner.png", (1260, 540)
"""A square, and 21:9, as the registry asks for."""

OVERSAMPLING = 3
"""Drawn so much larger and made smaller, for smooth edges."""

GROUND, WAVE = (18, 20, 28), (92, 104, 132)
WINDOWS = ((255, 138, 76), (255, 190, 92), (96, 205, 190), (110, 150, 255))


def drawn(size_px: tuple[int, int], windows: int) -> Image.Image:
    """A picture of `windows` windows, each of which shares a quarter with the one before, over a wave."""
    width, height = (side * OVERSAMPLING for side in size_px)
    picture = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(picture, "RGBA")
    margin = height // 10
    _wave(draw, margin, width - margin, height * 0.72, height * 0.16, height / 90)
    length = (width - 2 * margin) / (1 + 0.75 * (windows - 1))
    line, tall = height // 60, height * 0.24
    for k in range(windows):
        left = margin + 0.75 * length * k
        top = height * (0.14 if k % 2 == 0 else 0.2)
        colour = WINDOWS[k % len(WINDOWS)]
        box = (left, top, left + length, top + tall)
        draw.rounded_rectangle(box, radius=height // 30, fill=(*colour, 110), outline=(*colour, 255), width=line)
    return picture.resize(size_px, Image.Resampling.LANCZOS)


def _wave(draw: ImageDraw.ImageDraw, left: int, right: int, middle: float, reach: float, bar: float) -> None:
    """Bars as of a song: loud and soft in turn."""
    count = int((right - left) / (2 * bar))
    for k in range(count):
        share = k / (count - 1)
        loud = 0.25 + 0.75 * abs(math.sin(3 * math.pi * share) * math.cos(17 * share + 0.6))
        x = left + (right - left - bar) * share
        draw.rounded_rectangle((x, middle - reach * loud, x + bar, middle + reach * loud), radius=bar / 2, fill=WAVE)


def main() -> None:
    """Writes both pictures and prints where they lie."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="another folder than docs/registry")
    folder = parser.parse_args().folder
    for name, size_px, windows in ((ICON, ICON_SIZE_PX, 3), (BANNER, BANNER_SIZE_PX, 7)):
        drawn(size_px, windows).save(folder / name, optimize=True)
        print(folder / name)


if __name__ == "__main__":
    main()
