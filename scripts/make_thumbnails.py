"""Draws the pictures that stand for the shipped workflows in ComfyUI's Templates browser.

python scripts/make_thumbnails.py
"""

from __future__ import annotations

import colorsys
import sys
from pathlib import Path

import _bootstrap
from PIL import Image, ImageDraw, ImageFont

from audio_loop.demo.picture import face
from audio_loop.workflow_graph.shipped import catalogue, classic

FOLDER = _bootstrap.REPOSITORY / "example_workflows"
NAMES = (*catalogue.WORKFLOWS, classic.NAME)
SIZE_PX, FACE_PX = 512, 250
BAR_TOP_PX, BAR_HEIGHT_PX, BAR_STAGGER_PX, WINDOWS = 268, 30, 14, 4
START_HERE = ("start here:", "draft, then finish")
MARGIN_PX, WORDS_TOP_PX, LINE_PX, LARGEST_PX = 20, 328, 56, 52
SHARED, TEXT = (235, 238, 243), (255, 255, 255)
HUES, SATURATION, BRIGHTNESSES = 0.88, 0.75, (0.31, 0.63)


def thumbnail(name: str) -> Image.Image:
    """The demo face, overlapping windows and the words that tell this workflow from others, on a plate of its own colour.

    Args:
        name: One of `NAMES`.

    Returns:
        RGB, 512 x 512 pixels; its words can be read at 200.
    """
    picture = Image.new("RGB", (SIZE_PX, SIZE_PX), _colour(name))
    picture.paste(face(SIZE_PX, FACE_PX).convert("RGB"), (0, 0))
    draw = ImageDraw.Draw(picture)
    step = (SIZE_PX - 2 * MARGIN_PX) / (WINDOWS + 0.3)
    for index in range(WINDOWS):
        left, top = MARGIN_PX + index * step, BAR_TOP_PX + (index % 2) * BAR_STAGGER_PX
        draw.rectangle((left, top, left + step * 1.3, top + BAR_HEIGHT_PX), outline=TEXT, width=3)
        if index:
            draw.rectangle((left, top, left + step * 0.3, top + BAR_HEIGHT_PX), fill=SHARED)
    for number, line in enumerate(_lines(name)):
        draw.text((MARGIN_PX, WORDS_TOP_PX + number * LINE_PX), line, fill=TEXT, font=_font(draw, line))
    return picture


def _lines(name: str) -> list[str]:
    """The words of a file name without those that all share: `retake`, or `latent` and `keyframe`; the default has its own."""
    words = name.removeprefix("audio-loop").strip("-_").split("_")
    told = words[1:] if words[0] == "music-video" else words
    return [word.replace("-", " ") for word in told] or list(START_HERE)


def _colour(name: str) -> tuple[int, int, int]:
    """A hue for each workflow from red to pink, neighbours of different brightness."""
    index = NAMES.index(name)
    parts = colorsys.hsv_to_rgb(HUES * index / len(NAMES), SATURATION, BRIGHTNESSES[index % len(BRIGHTNESSES)])
    red, green, blue = (round(255 * part) for part in parts)
    return red, green, blue


def _font(draw: ImageDraw.ImageDraw, line: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The largest font in which the line fits."""
    width = draw.textlength(line, font=ImageFont.load_default(size=LARGEST_PX))
    return ImageFont.load_default(size=min(LARGEST_PX, LARGEST_PX * (SIZE_PX - 2 * MARGIN_PX) / width))


def main() -> int:
    """Runs the command line; returns the exit status."""
    pictures: dict[Path, str] = {FOLDER / f"{name}.jpg": name for name in catalogue.WORKFLOWS}
    pictures[FOLDER / classic.FOLDER / f"{classic.NAME}.jpg"] = classic.NAME
    for path, name in pictures.items():
        thumbnail(name).save(path, quality=85)
        print(f"wrote  {path.relative_to(_bootstrap.REPOSITORY)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
