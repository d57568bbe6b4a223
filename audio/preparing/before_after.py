"""A prepared song for people: the same figures before and after, in columns."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

from ...loop_control.rates import clock_text
from .filters import Bell, Filter
from .preparation import Levels, Preparation
from .presets import Preset
from .spectrum import BAND_EDGES_HZ

_BAND_NAMES = ("boom", "body", "vowels", "presence", "consonants")
_LABEL_WIDE, _NUMBER_WIDE = 30, 9


def report(prepared: Preparation, after: Levels | None) -> str:
    """The treatment of a song, its levels before and after, and what should be known; lines of text.

    Args:
        prepared: The song that was measured.
        after: The levels of what came out; None if nobody measured it.
    """
    source, settings = prepared.source, prepared.settings
    channels = len(source.channel_names)
    lines = [
        f"{source.name}: {clock_text(Fraction(prepared.samples, source.sample_rate))}, {source.sample_rate} Hz, "
        f"{channels} channel{'s' * (channels > 1)}",
        f"preset {settings.preset}: {chain_text(prepared.preset)}",
        f"gain {prepared.curve.gain_db:+.1f} dB, to {settings.target_lufs:g} LUFS with peaks up to "
        f"{settings.true_peak_dbtp:g} dBTP",
        "",
        f"{'':{_LABEL_WIDE}}{'before':>{_NUMBER_WIDE}}{'after':>{_NUMBER_WIDE}}",
    ]
    lines += [_line(label, *values) for label, *values in _rows(prepared.before, after)]
    if prepared.notes:
        lines += ["", *prepared.notes]
    return "\n".join(lines) + "\n"


def chain_text(preset: Preset) -> str:
    """The filters of a preset in words."""
    parts = [_filter_text(each) for each in preset.chain] or ["no filter"]
    if preset.room_tone_db is not None:
        parts.append(f"room tone {-preset.room_tone_db:g} dB below the loudness")
    return ", ".join(parts)


def _filter_text(each: Filter) -> str:
    return f"{each.hz:g} Hz {each.gain_db:+g} dB" if isinstance(each, Bell) else f"high-pass {each.hz:g} Hz"


def _rows(before: Levels, after: Levels | None) -> list[tuple[str, float | None, float | None]]:
    rows: list[tuple[str, float | None, float | None]] = [
        ("loudness, LUFS", before.loudness_lufs, None if after is None else after.loudness_lufs),
        ("true peak, dBTP", before.true_peak_dbtp, None if after is None else after.true_peak_dbtp),
    ]
    bands = _relative(before)
    later = (None,) * len(bands) if after is None else _relative(after)
    for index, (low, high) in enumerate(pairwise(BAND_EDGES_HZ)):
        label = f"{_BAND_NAMES[index]} {low} to {high} Hz, dB"
        if bands[index] is not None:
            rows.append((label, bands[index], later[index]))
    return rows


def _relative(levels: Levels) -> tuple[float | None, ...]:
    """Densities of the bands relative to the loudest of them."""
    bands = levels.spectrum.bands_db()
    loudest = max((band for band in bands if band is not None), default=0.0)
    return tuple(None if band is None else band - loudest for band in bands)


def _line(label: str, before: float | None, after: float | None) -> str:
    return f"{label:{_LABEL_WIDE}}{_number(before):>{_NUMBER_WIDE}}{_number(after):>{_NUMBER_WIDE}}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if math.isfinite(value) else "silent"
