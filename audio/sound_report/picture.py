"""A report as a picture: the bands with their limit, the verdict, and the level over time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .bands import BANDS
from .judge import is_fine, judged
from .sound_report import SoundReport
from .verdicts.dull import MOST_GAP_DB, compared_db
from .words import decibel_text, headline

WIDTH_PX, HEIGHT_PX = 1024, 600
_MARGIN_PX, _FONT_PX, _LINE_PX = 24, 20, 28
_BANDS_TOP_PX, _BANDS_BOTTOM_PX = 80, 330
_TIME_TOP_PX, _TIME_BOTTOM_PX = 420, 560
_LOWEST_DB, _LOWEST_TIME_DB = -50.0, -60.0
_LABELS_PX = 150
_BACKGROUND, _BAR, _BAD, _LIMIT, _TEXT, _GRID = "#1d1f24", "#4fa3ff", "#ff6b5e", "#ffb454", "#d8dde6", "#4a5568"


def report_image(report: SoundReport) -> NDArray[np.float32]:
    """Draws a report.

    Returns:
        (H, W, 3) in 0..1.
    """
    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), _BACKGROUND)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_FONT_PX)
    verdicts = judged(report)
    draw.text((_MARGIN_PX, _MARGIN_PX), headline(verdicts), fill=_TEXT if is_fine(verdicts) else _BAD, font=font)
    figures = f"{decibel_text(report.loudness_lufs)} LUFS   {decibel_text(report.true_peak_dbtp)} dBTP"
    draw.text((WIDTH_PX - _MARGIN_PX, _MARGIN_PX), figures, fill=_TEXT, font=font, anchor="ra")
    _draw_bands(draw, font, report)
    _draw_time(draw, font, report)
    return np.asarray(picture, dtype=np.float32) / 255.0


def _draw_bands(draw: ImageDraw.ImageDraw, font: Any, report: SoundReport) -> None:
    """Levels relative to the loudest band; the limit lies below the band that the consonants are compared with."""
    width = (WIDTH_PX - 2 * _MARGIN_PX - _LABELS_PX) / len(BANDS)
    too_weak = any(each.name == "dull" for each in judged(report))
    too_strong = any(each.name == "boomy" for each in judged(report))
    for index, (band, level) in enumerate(zip(BANDS, report.bands_db, strict=True)):
        left = _MARGIN_PX + _LABELS_PX + index * width
        is_bad = (index == len(BANDS) - 1 and too_weak) or (index == 0 and too_strong)
        top = _height(level, _LOWEST_DB, _BANDS_TOP_PX, _BANDS_BOTTOM_PX)
        draw.rectangle((left + 8, top, left + width - 8, _BANDS_BOTTOM_PX), fill=_BAD if is_bad else _BAR)
        middle = left + width / 2
        for line, words in enumerate((f"{band.name} {decibel_text(level)}", band.range_text)):
            at = (middle, _BANDS_BOTTOM_PX + 6 + line * _LINE_PX)
            draw.text(at, words, fill=_TEXT, font=font, anchor="ma")
    loudest = max(report.band_levels_db)
    if not math.isfinite(loudest):
        return
    limit_db = compared_db(report) - loudest - MOST_GAP_DB
    y = _height(limit_db, _LOWEST_DB, _BANDS_TOP_PX, _BANDS_BOTTOM_PX)
    left = _MARGIN_PX + _LABELS_PX + (len(BANDS) - 1) * width
    draw.line((left, y, left + width, y), fill=_LIMIT, width=3)
    draw.text((_MARGIN_PX, _BANDS_TOP_PX), "dB below\nthe loudest", fill=_TEXT, font=font)
    draw.text((_MARGIN_PX, _BANDS_BOTTOM_PX - 2 * _LINE_PX), f"limit {decibel_text(limit_db)}", fill=_LIMIT, font=font)


def _draw_time(draw: ImageDraw.ImageDraw, font: Any, report: SoundReport) -> None:
    levels = report.level_by_second_db
    columns = min(len(levels), WIDTH_PX - 2 * _MARGIN_PX - _LABELS_PX)
    draw.text((_MARGIN_PX, _TIME_TOP_PX), "level\nby second", fill=_TEXT, font=font)
    for level in (0, -20, -40, -60):
        y = _height(level, _LOWEST_TIME_DB, _TIME_TOP_PX, _TIME_BOTTOM_PX)
        draw.line((_MARGIN_PX + _LABELS_PX, y, WIDTH_PX - _MARGIN_PX, y), fill=_GRID)
        draw.text((_MARGIN_PX + _LABELS_PX - 8, y), str(level), fill=_TEXT, font=font, anchor="rm")
    if not columns:
        return
    width = (WIDTH_PX - 2 * _MARGIN_PX - _LABELS_PX) / columns
    for column in range(columns):
        first, last = column * len(levels) // columns, max((column + 1) * len(levels) // columns, 1)
        top = _height(max(levels[first:last]), _LOWEST_TIME_DB, _TIME_TOP_PX, _TIME_BOTTOM_PX)
        left = _MARGIN_PX + _LABELS_PX + column * width
        if top < _TIME_BOTTOM_PX:
            draw.rectangle((left, top, left + max(width - 1, 0), _TIME_BOTTOM_PX), fill=_BAR)
    ends = f"0 to {report.duration_seconds:.1f} s"
    draw.text((WIDTH_PX - _MARGIN_PX, _TIME_BOTTOM_PX + 6), ends, fill=_TEXT, font=font, anchor="ra")


def _height(level_db: float, lowest_db: float, top_px: int, bottom_px: int) -> float:
    share = min(max(level_db / lowest_db, 0.0), 1.0) if math.isfinite(level_db) else 1.0
    return top_px + share * (bottom_px - top_px)
