"""A finished video in one line: its name, folder, length, picture size and size on disk."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from ..loop_control.rates import clock_text

BYTES_PER_MB = 10**6


def file_words(path: Path, subfolder: str, seconds: float, width: int, height: int) -> str:
    """The line for people.

    Args:
        path: The file, or the folder of pictures.
        subfolder: Its place below ComfyUI's output folder; empty if it lies in that.
        seconds: Length.
        width: In pixels.
        height: In pixels.
    """
    folder = "/".join(("output", *Path(subfolder.replace("\\", "/")).parts))
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    size = sum(each.stat().st_size for each in files) / BYTES_PER_MB
    length = clock_text(Fraction(seconds).limit_denominator(100_000))
    return f"{path.name} in {folder}: {length}, {width} x {height}, {size:.1f} MB"
