"""A report as a page for people, and as data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .bands import BANDS
from .judge import is_fine, judged
from .sound_report import Silence, SoundReport
from .verdict import Verdict
from .verdicts.dull import MOST_GAP_DB

_NONE = "\u2212\u221e"


def headline(verdicts: tuple[Verdict, ...]) -> str:
    """One line: what it is."""
    if is_fine(verdicts):
        return "fine" + (f" ({', '.join(each.name for each in verdicts)})" if verdicts else "")
    return ", ".join(each.name for each in verdicts if each.gravity != "hint")


def as_text(report: SoundReport, song: str = "") -> str:
    """The whole report; ends with a line feed.

    Args:
        report: What was measured.
        song: The song's file as the user named it, for the commands in it; "" if there is none.
    """
    verdicts = judged(report)
    lines = [f"Sound: {headline(verdicts)}", ""]
    for verdict in verdicts:
        lines += [
            f"{verdict.gravity.upper()}  {verdict.name}: {verdict.found}",
            f"  you see {verdict.seen}",
            f"  mend    {verdict.mend_of(song)}",
            "",
        ]
    return "\n".join([*lines, *_figures(report)]) + "\n"


def _figures(report: SoundReport) -> Iterator[str]:
    rows = [
        ("length", _length(report)),
        ("loudness", f"{decibel_text(report.loudness_lufs)} LUFS"),
        ("true peak", f"{decibel_text(report.true_peak_dbtp)} dBTP"),
        ("level", f"{decibel_text(report.mono_level_db)} dB, in mono"),
        ("level range", f"{decibel_text(report.level_range_db)} dB, from the 5th to the 90th percentile"),
        ("noise", "none that never stops" if report.noise is None else f"{report.noise.floor_db:.1f} dB"),
        ("signal to noise", "" if report.noise is None else f"{report.noise.snr_db:.1f} dB"),
        ("silence", _silence(report.silence)),
        ("sibilance gap", f"{decibel_text(report.sibilance_gap_db)} dB; at most {MOST_GAP_DB:.0f}"),
        ("boom", f"{decibel_text(report.boom_db)} dB"),
    ]
    yield from (f"{name:<16} {value}" for name, value in rows if value)
    yield ""
    yield "level in bands, relative to the loudest"
    for band, level in zip(BANDS, report.bands_db, strict=True):
        yield f"  {band.name:<10} {band.range_text:>13} {decibel_text(level):>7} dB"


def _silence(silence: Silence) -> str:
    if silence.is_all:
        return "all of it"
    longest = f"the longest {silence.longest_seconds:.2f} s at {silence.longest_at_seconds:.2f} s"
    return f"{silence.leading_seconds:.2f} s before, {silence.trailing_seconds:.2f} s after, {longest}"


def _length(report: SoundReport) -> str:
    channels = len(report.channel_levels_db)
    return f"{report.duration_seconds:.2f} s, {report.sample_rate} Hz, {channels} channel{'' if channels == 1 else 's'}"


def decibel_text(value: float) -> str:
    """One digit behind the point; a word for none."""
    return f"{value:.1f}" if math.isfinite(value) else ("\u221e" if value > 0 else _NONE)


def as_data(report: SoundReport, song: str = "") -> dict[str, Any]:
    """The same as JSON values: figures that are infinite are null. Arguments as in `as_text`."""
    verdicts = judged(report)
    figures = {**asdict(report), "sibilance_gap_db": report.sibilance_gap_db, "boom_db": report.boom_db}
    return {
        "is_fine": is_fine(verdicts),
        "verdicts": [{**asdict(each), "mend": each.mend_of(song)} for each in verdicts],
        "bands": [{"name": band.name, "low_hz": band.low_hz, "high_hz": band.high_hz} for band in BANDS],
        **_finite(figures),
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
