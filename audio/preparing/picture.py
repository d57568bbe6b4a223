"""A song before and after it was prepared, as a picture: its mean spectrum, and its loudness over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ...loop_control.rates import clock_text
from .preparation import Levels, Preparation
from .spectrum import Spectrum

WIDE_PX, HIGH_PX = 1024, 640
_MARGIN_PX, _LEFT_PX, _GAP_PX, _FONT_PX = 16, 88, 64, 18
_SPECTRUM_BOTTOM_PX = 380

BACKGROUND, GRID, TEXT, BEFORE, AFTER, BAND = "#1d1f24", "#3a404c", "#d8dde6", "#ffb454", "#4fa3ff", "#2a3140"

_LOWEST_HZ, _HIGHEST_HZ = 40, 16_000
_MARKS_HZ = (50, 100, 200, 500, 1000, 2000, 4000, 8000, 16_000)
_CONSONANTS_HZ = (4000, 8000)
_SMOOTHED = 1 / 6
"""Octaves over which the spectra are averaged."""
_RANGE_DB = 70
_LOUDNESS_LUFS = (-50.0, -5.0)

Point = tuple[float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def picture(prepared: Preparation, after: Levels) -> Image.Image:
    """Draws both halves, 1024 x 640 pixels."""
    image = Image.new("RGB", (WIDE_PX, HIGH_PX), BACKGROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT_PX)
    _draw_spectra(draw, font, prepared.before.spectrum, after.spectrum)
    _draw_loudness(draw, font, prepared, after)
    draw.text((_LEFT_PX, 4), "mean spectrum", fill=TEXT, font=font)
    draw.text((_LEFT_PX, _SPECTRUM_BOTTOM_PX + _GAP_PX - _FONT_PX - 10), "loudness of 3 s", fill=TEXT, font=font)
    right = float(WIDE_PX - _MARGIN_PX)
    for label, colour in (("after", AFTER), ("before", BEFORE)):
        right -= draw.textlength(label, font=font)
        draw.text((right, 4), label, fill=colour, font=font)
        right -= _MARGIN_PX
    return image


def _draw_spectra(draw: ImageDraw.ImageDraw, font: Font, before: Spectrum, after: Spectrum) -> None:
    top, bottom = _MARGIN_PX * 2, _SPECTRUM_BOTTOM_PX
    highest_hz = min(_HIGHEST_HZ, before.hz[-1])
    hz = np.geomspace(_LOWEST_HZ, highest_hz, 240)
    curves = [_smoothed(each, hz) for each in (before, after)]
    loudest = max(float(curve.max()) for curve in curves)
    scale = (WIDE_PX - _MARGIN_PX - _LEFT_PX) / np.log(highest_hz / _LOWEST_HZ)

    def x(value: float) -> float:
        return float(_LEFT_PX + np.log(value / _LOWEST_HZ) * scale)

    def y(level_db: float) -> float:
        return top + (bottom - top) * min(max((loudest - level_db) / _RANGE_DB, 0), 1)

    if highest_hz > _CONSONANTS_HZ[0]:
        draw.rectangle((x(_CONSONANTS_HZ[0]), top, x(min(_CONSONANTS_HZ[1], highest_hz)), bottom), fill=BAND)
        draw.text((x(_CONSONANTS_HZ[0]) + 6, top + 4), "consonants", fill=TEXT, font=font)
    for down_db in range(0, _RANGE_DB + 1, 10):
        _line(draw, font, y(loudest - down_db), f"{-down_db} dB")
    for mark in (each for each in _MARKS_HZ if each <= highest_hz):
        draw.line((x(mark), top, x(mark), bottom), fill=GRID)
        label = f"{mark // 1000} kHz" if mark >= 1000 else f"{mark} Hz"
        wide = draw.textlength(label, font=font)
        draw.text((min(x(mark) - wide / 2, WIDE_PX - _MARGIN_PX - wide), bottom + 6), label, fill=TEXT, font=font)
    for curve, colour in zip(curves, (BEFORE, AFTER), strict=True):
        draw.line([(x(a), y(b)) for a, b in zip(hz, curve, strict=True)], fill=colour, width=2)


def _draw_loudness(draw: ImageDraw.ImageDraw, font: Font, prepared: Preparation, after: Levels) -> None:
    top, bottom = _SPECTRUM_BOTTOM_PX + _GAP_PX, HIGH_PX - _MARGIN_PX * 2 - _FONT_PX
    low, high = _LOUDNESS_LUFS

    def y(lufs: float) -> float:
        return bottom - (bottom - top) * min(max((lufs - low) / (high - low), 0), 1)

    for mark in range(int(low), int(high) + 1, 15):
        _line(draw, font, y(mark), f"{mark} LUFS")
    draw.line((_LEFT_PX, y(prepared.settings.target_lufs), WIDE_PX - _MARGIN_PX, y(prepared.settings.target_lufs)), fill=TEXT)
    for levels, colour in ((prepared.before, BEFORE), (after, AFTER)):
        _draw_over_time(draw, levels, y, colour)
    length = clock_text(Fraction(prepared.samples, prepared.source.sample_rate))
    draw.text((_LEFT_PX, bottom + 6), "0:00.00", fill=TEXT, font=font)
    draw.text((WIDE_PX - _MARGIN_PX - draw.textlength(length, font=font), bottom + 6), length, fill=TEXT, font=font)


def _draw_over_time(draw: ImageDraw.ImageDraw, levels: Levels, y: Callable[[float], float], colour: str) -> None:
    lufs = levels.short_term_lufs
    if len(lufs) < 2:
        # Too short to have several: its one loudness.
        lufs = np.full(2, levels.loudness_lufs)
    columns = np.linspace(0, len(lufs) - 1, min(len(lufs), WIDE_PX)).astype(int)
    across = np.linspace(_LEFT_PX, WIDE_PX - _MARGIN_PX, len(columns))
    points: Sequence[Point] = [(float(x), y(float(lufs[index]))) for x, index in zip(across, columns, strict=True)]
    draw.line(points, fill=colour, width=2)


def _line(draw: ImageDraw.ImageDraw, font: Font, height: float, label: str) -> None:
    draw.line((_LEFT_PX, height, WIDE_PX - _MARGIN_PX, height), fill=GRID)
    draw.text((_LEFT_PX - 8 - draw.textlength(label, font=font), height - _FONT_PX / 2 - 2), label, fill=TEXT, font=font)


def _smoothed(spectrum: Spectrum, hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean levels in bands of a sixth of an octave around each frequency."""
    ends = np.concatenate([[0.0], np.cumsum(10 ** (spectrum.level_db / 10))])
    edges = (np.arange(len(ends)) - 0.5) * spectrum.hz[1]
    half = 2 ** (_SMOOTHED / 2)
    wide = hz * (half - 1 / half) / spectrum.hz[1]
    power = (np.interp(hz * half, edges, ends) - np.interp(hz / half, edges, ends)) / wide
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))
