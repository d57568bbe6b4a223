"""Pictures of a song: waveform with sections and windows, mel spectrogram, chroma, self-similarity."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...audio.analysis.mel import HIGHEST_HZ, LOWEST_HZ, band_hz
from ...audio.analysis.song_analysis import PITCH_CLASSES, SongAnalysis
from ...loop_control.plan import LoopPlan
from ...prompting.visible_boundaries import visible_boundaries
from .heard import HeardForPictures

HINT = "pictures need matplotlib: run this by `uv run --group analysis python ...`, or `pip install matplotlib`"

WIDE_INCHES, DOTS_PER_INCH = 14.0, 100
MOST_COLUMNS = 1600
"""Columns of a spectrogram: more cannot be seen."""

MOST_NUMBERS = 24
"""Windows that get their number in the picture; of more, every so many."""

_MATERIAL = ("#8dd3c7", "#fdb462", "#bebada", "#fb8072", "#80b1d3", "#b3de69", "#fccde5", "#d9d9d9", "#bc80bd", "#ffed6f")
_VOICE = {"singing": "#c2255c", "speech": "#1864ab", "crowd": "#868e96"}
_WINDOW = "#343a40"


class PicturesError(RuntimeError):
    """Pictures cannot be drawn here. The message says what is missing."""


def require_matplotlib() -> None:
    """Says what is missing before anything is heard for the pictures.

    Raises:
        PicturesError: matplotlib is missing.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise PicturesError(HINT) from None


def pictures(heard: HeardForPictures, analysis: SongAnalysis, plan: LoopPlan, title: str) -> dict[str, bytes]:
    """Name of each picture -> its PNG file; needs matplotlib."""
    draw: Mapping[str, tuple[float, Callable[[Any, Any], None]]] = {
        "waveform": (5.0, lambda _, axes: _waveform(axes, heard, analysis, plan)),
        "mel": (4.6, lambda figure, axes: _mel(figure, axes, heard, analysis)),
        "chroma": (4.6, lambda figure, axes: _chroma(figure, axes, heard, analysis)),
        "self_similarity": (9.0, lambda figure, axes: _self_similarity(figure, axes, heard, analysis)),
    }
    return {name: _drawn(f"{title}: {_TITLES[name]}", height, drawing) for name, (height, drawing) in draw.items()}


_TITLES = {
    "waveform": "waveform, sections and windows",
    "mel": "mel spectrogram",
    "chroma": "notes of the octave (chroma)",
    "self_similarity": "self-similarity",
}


def _drawn(title: str, height_inches: float, drawing: Callable[[Any, Any], None]) -> bytes:
    from matplotlib.figure import Figure

    wide = WIDE_INCHES if height_inches < 6 else height_inches + 1.5
    figure = Figure(figsize=(wide, height_inches), dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, fontsize=13)
    drawing(figure, axes)
    stored = io.BytesIO()
    with warnings.catch_warnings():
        # A name in letters that the font lacks is drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(stored, format="png")
    return stored.getvalue()


def _waveform(axes: Any, heard: HeardForPictures, analysis: SongAnalysis, plan: LoopPlan) -> None:
    end = analysis.duration_seconds
    largest = max(float(np.abs(heard.lowest).max()), float(heard.highest.max()), 1e-3) * 1.05
    letters = sorted({section.letter for section in analysis.sections})
    for section in analysis.sections:
        colour = _MATERIAL[letters.index(section.letter) % len(_MATERIAL)]
        axes.axvspan(section.start_seconds, section.end_seconds, color=colour, alpha=0.45, linewidth=0)
        if section.end_seconds - section.start_seconds > end / 45:
            middle = (section.start_seconds + section.end_seconds) / 2
            narrow = section.end_seconds - section.start_seconds < end / 14
            text = f"{section.label} {section.letter}"
            axes.text(middle, largest * 1.12, text, ha="center", va="bottom", fontsize=10, rotation=35 if narrow else 0)
    times = np.linspace(0, end, len(heard.lowest))
    axes.fill_between(times, heard.lowest, heard.highest, color="#1c7ed6", linewidth=0.3)
    for kind, colour in _VOICE.items():
        spans = [
            (each.start_seconds, each.end_seconds - each.start_seconds)
            for each in analysis.voice.stretches
            if each.kind == kind
        ]
        if spans:
            axes.broken_barh(spans, (-1.3 * largest, 0.12 * largest), color=colour, label=kind)
    boundaries = [float(each) for each in visible_boundaries(plan)]
    step = -(-len(boundaries) // MOST_NUMBERS)
    for window, seconds in enumerate(boundaries):
        axes.axvline(seconds, color=_WINDOW, linewidth=0.9, linestyle=(0, (4, 3)), ymax=0.85)
        if window % step == 0:
            axes.text(seconds + end / 400, -1.12 * largest, str(window), fontsize=9, color=_WINDOW)
    axes.plot([], [], color=_WINDOW, linestyle=(0, (4, 3)), label="a window begins to be seen (its number)")
    axes.set_ylim(-1.35 * largest, 1.45 * largest)
    axes.set_ylabel("sample (1 is full scale)")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=4, fontsize=10, frameon=False)
    _time_axis(axes, end)


def _mel(figure: Any, axes: Any, heard: HeardForPictures, analysis: SongAnalysis) -> None:
    levels = _columns(heard.bands_db)
    extent = (0, analysis.duration_seconds, 0, levels.shape[1])
    drawn = {"origin": "lower", "aspect": "auto", "interpolation": "nearest", "extent": extent}
    image = axes.imshow(levels.T, cmap="magma", vmin=-70, vmax=0, **drawn)
    hertz = (100, 250, 500, 1000, 2000, 4000, 8000)
    rows = np.interp(hertz, [LOWEST_HZ, *band_hz(), HIGHEST_HZ], [0, *(np.arange(levels.shape[1]) + 0.5), levels.shape[1]])
    axes.set_yticks(rows, [f"{each:,}" for each in hertz])
    axes.set_ylabel("frequency (Hz, mel scale)")
    figure.colorbar(image, ax=axes, label="level (dB, full-scale sine is 0)", pad=0.01)
    _section_lines(axes, analysis, "white")
    _time_axis(axes, analysis.duration_seconds)


def _chroma(figure: Any, axes: Any, heard: HeardForPictures, analysis: SongAnalysis) -> None:
    notes = _columns(heard.chroma)
    loudest = np.maximum(notes.max(axis=1, keepdims=True), 1e-3 * max(float(notes.max()), 1e-9))
    image = axes.imshow(
        (notes / loudest).T,
        origin="lower",
        aspect="auto",
        cmap="viridis",
        extent=(0, analysis.duration_seconds, 0, 12),
        vmin=0,
        vmax=1,
    )
    axes.set_yticks(np.arange(12) + 0.5, PITCH_CLASSES)
    key = f"; key {analysis.key.name}" if analysis.key else ""
    axes.set_ylabel(f"note{key}")
    figure.colorbar(image, ax=axes, label="strength (loudest note of the moment is 1)", pad=0.01)
    _section_lines(axes, analysis, "white")
    _time_axis(axes, analysis.duration_seconds)


def _self_similarity(figure: Any, axes: Any, heard: HeardForPictures, analysis: SongAnalysis) -> None:
    """Likeness of sound above the diagonal, of notes below it."""
    upper = np.triu(heard.sound) + np.tril((np.clip(heard.notes, -1, 1) + 1) / 2, -1)
    edges = heard.edges_seconds
    image = axes.pcolormesh(edges, edges, upper.T, cmap="inferno", vmin=0, vmax=1, rasterized=True)
    axes.set_aspect("equal")
    for section in analysis.sections[1:]:
        axes.axhline(section.start_seconds, color="white", linewidth=0.7, alpha=0.8)
    _section_lines(axes, analysis, "white")
    end = analysis.duration_seconds
    for section in analysis.sections:
        if section.end_seconds - section.start_seconds > end / 30:
            middle = (section.start_seconds + section.end_seconds) / 2
            axes.text(middle, middle, section.letter, color="white", fontsize=12, ha="center", va="center", fontweight="bold")
    figure.colorbar(image, ax=axes, label="likeness (1: the same); above the diagonal of sound, below it of notes", pad=0.01)
    _time_axis(axes, end)
    axes.set_yticks(axes.get_xticks(), [label.get_text() for label in axes.get_xticklabels()])
    axes.set_ylim(0, end)
    axes.set_ylabel("time in the song (m:ss)")


def _columns(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Rows averaged so that there are `MOST_COLUMNS` at most."""
    together = max(1, -(-len(rows) // MOST_COLUMNS))
    starts = np.arange(0, len(rows), together)
    sums = np.add.reduceat(rows, starts, axis=0)
    return sums / np.diff([*starts, len(rows)])[:, None]


def _section_lines(axes: Any, analysis: SongAnalysis, colour: str) -> None:
    for section in analysis.sections[1:]:
        axes.axvline(section.start_seconds, color=colour, linewidth=0.9, alpha=0.8)


def _time_axis(axes: Any, end: float) -> None:
    step = next((each for each in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200) if end / each <= 16), 3600)
    ticks = np.arange(0, end, step)
    axes.set_xticks(ticks, [f"{int(each) // 60}:{int(each) % 60:02d}" for each in ticks])
    axes.set_xlim(0, end)
    axes.set_xlabel("time in the song (m:ss)")
