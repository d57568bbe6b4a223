"""A drawn face for the demo: the picture that is to sing. The same pixels every time."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SKY, STAGE, SKIN, SHADE, HAIR, LIPS, WHITE, IRIS, PUPIL, DRESS = (
    (38, 44, 92),
    (24, 20, 40),
    (232, 188, 160),
    (205, 150, 124),
    (58, 34, 26),
    (176, 54, 66),
    (250, 248, 244),
    (70, 110, 120),
    (20, 18, 18),
    (150, 30, 60),
)
# Drawn larger and scaled down: ImageDraw itself has hard edges.
OVERSAMPLING = 3


def face(width: int = 832, height: int = 448) -> Image.Image:
    """A head-and-shoulders portrait, RGB, `width` x `height` pixels."""
    canvas = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), SKY)
    draw = ImageDraw.Draw(canvas)
    unit = height * OVERSAMPLING / 100
    centre = width * OVERSAMPLING / 2

    def oval(x: float, y: float, rx: float, ry: float, colour: tuple[int, int, int]) -> None:
        """An ellipse in hundredths of the height; x counts from the middle."""
        box = (centre + (x - rx) * unit, (y - ry) * unit, centre + (x + rx) * unit, (y + ry) * unit)
        draw.ellipse(box, fill=colour)

    draw.rectangle((0, 78 * unit, canvas.width, canvas.height), fill=STAGE)
    oval(0, 20, 62, 18, (66, 70, 130))
    oval(0, 42, 29, 36, HAIR)
    oval(0, 112, 42, 32, DRESS)
    draw.rectangle((centre - 8 * unit, 66 * unit, centre + 8 * unit, 84 * unit), fill=SHADE)
    oval(0, 48, 21, 27, SKIN)
    oval(0, 22, 22, 12, HAIR)
    for side in (-1, 1):
        oval(side * 9, 44, 5, 3, WHITE)
        oval(side * 9, 44, 2.4, 2.6, IRIS)
        oval(side * 9, 44, 1.2, 1.3, PUPIL)
        brow = (centre + (side * 9 - 6) * unit, 34 * unit, centre + (side * 9 + 6) * unit, 42 * unit)
        draw.arc(brow, 200, 340, fill=HAIR, width=round(1.4 * unit))
        oval(side * 13, 56, 4, 2.5, (226, 166, 144))
    nose = [(centre, 46 * unit), (centre - 3 * unit, 57 * unit), (centre + 3 * unit, 57 * unit)]
    draw.polygon(nose, fill=SHADE)
    oval(0, 65, 7, 3.6, LIPS)
    oval(0, 65, 5, 1.6, (70, 18, 26))
    soft = canvas.filter(ImageFilter.GaussianBlur(unit * 0.3))
    return soft.resize((width, height), Image.Resampling.LANCZOS)


def write_picture(path: Path) -> Path:
    """Writes `face()` to `path` as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    face().save(path)
    return path
