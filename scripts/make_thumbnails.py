"""Draws the pictures that stand for the shipped workflows in ComfyUI's Templates browser.

python scripts/make_thumbnails.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import _bootstrap
from PIL import Image, ImageDraw, ImageFont

from audio_loop.demo.picture import face
from audio_loop.workflow_graph.shipped import catalogue, classic

FOLDER = _bootstrap.REPOSITORY / "example_workflows"
SIZE_PX = (640, 360)
BAR_TOP_PX, BAR_HEIGHT_PX, WINDOWS = 268, 22, 5
SHARED, FRESH, PLATE, TEXT = (74, 85, 104), (79, 163, 255), (24, 26, 31), (235, 238, 243)


def thumbnail(name: str) -> Image.Image:
    """The demo face with overlapping windows below it and the workflow's name."""
    picture = face(*SIZE_PX).convert("RGB").resize(SIZE_PX)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, BAR_TOP_PX - 16, SIZE_PX[0], SIZE_PX[1]), fill=PLATE)
    step = (SIZE_PX[0] - 60) / (WINDOWS + 0.3)
    for index in range(WINDOWS):
        left = 30 + index * step
        top = BAR_TOP_PX + (index % 2) * 8
        draw.rectangle((left, top, left + step * 1.3, top + BAR_HEIGHT_PX), fill=FRESH)
        if index:
            draw.rectangle((left, top, left + step * 0.3, top + BAR_HEIGHT_PX), fill=SHARED)
    title = name.removeprefix("audio-loop-").removeprefix("audio-loop_").replace("_", " · ").replace("-", " ")
    draw.text((30, BAR_TOP_PX + 44), title, fill=TEXT, font=ImageFont.load_default(size=26))
    return picture


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
