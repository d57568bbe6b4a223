"""Where somebody sings or speaks, in a full mix or in a vocal stem, and how high."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, Samples
from .glides import GLIDE_HOP_SAMPLES, GlideListener
from .pitch import PitchTrack, PitchTracker
from .song_analysis import Voice, VoiceKind, VoiceStretch

_HOP_SECONDS = GLIDE_HOP_SAMPLES / LISTENING_HZ
_SMOOTH_SECONDS = 2.0
_ENTER, _LEAVE = 0.08, 0.04
"""Part of a moment's 20 ms steps in which harmonics glide: a voice begins above the first and ends below the second."""

_SPEECH_RATIO = 1.0
"""Glides that are heard over 20 ms for each that is heard over 40 ms: speech moves on faster than a sung tone."""


class VoiceListener:
    """Hears samples in pieces, and says at the end where there is a voice.

    Args:
        is_stem: Whether nothing but voices is heard, as in a separated vocal track.
        low_hz: Lowest pitch that is sought, as for `PitchTracker`.
        high_hz: Highest.
    """

    def __init__(self, is_stem: bool = False, low_hz: float = 65.0, high_hz: float = 1050.0) -> None:
        self._glides = GlideListener()
        self._pitch = PitchTracker(low_hz, high_hz, in_mix=not is_stem, voicing_threshold=0.45 if is_stem else 0.2)
        self._samples = 0
        self._heard: tuple[tuple[VoiceStretch, ...], PitchTrack] | None = None

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._samples += len(samples)
        self._glides.add(samples)
        self._pitch.add(samples)

    def result(self, start_seconds: float = 0.0, end_seconds: float = math.inf) -> Voice:
        """The voice in `[start, end)` of what was heard; nothing can be added afterwards."""
        if self._heard is None:
            self._heard = tuple(_stretches(self._glides.moves())), self._pitch.track()
        everywhere, track = self._heard
        end = min(end_seconds, self._samples / LISTENING_HZ)
        length = max(0.0, end - start_seconds)
        stretches = _cut(everywhere, start_seconds, end)
        times = np.arange(len(track.f0_hz)) * track.hop_seconds
        inside = (times >= start_seconds) & (times < end)
        of_voice = np.zeros(len(times), np.bool_)
        for each in stretches:
            of_voice |= (times >= each.start_seconds) & (times < each.end_seconds)
        f0 = track.f0_hz[inside & of_voice & track.voiced]
        low, median, high = (float(each) for each in np.percentile(f0, (5, 50, 95))) if len(f0) else (None, None, None)
        covered = math.fsum(each.end_seconds - each.start_seconds for each in stretches if each.kind != "crowd")
        return Voice(
            stretches=stretches,
            fraction=min(1.0, covered / length) if length else 0.0,
            median_f0_hz=median,
            low_f0_hz=low,
            high_f0_hz=high,
            voiced_fraction=len(f0) / max(1, int(inside.sum())),
        )


def _cut(stretches: Iterable[VoiceStretch], start: float, end: float) -> tuple[VoiceStretch, ...]:
    """Their parts within `[start, end)`."""
    inside = (
        replace(each, start_seconds=max(each.start_seconds, start), end_seconds=min(each.end_seconds, end))
        for each in stretches
    )
    return tuple(each for each in inside if each.end_seconds > each.start_seconds)


def _stretches(moves: NDArray[np.bool_]) -> Iterator[VoiceStretch]:
    from scipy import ndimage

    if not len(moves):
        return
    level = ndimage.gaussian_filter1d(moves.mean(axis=1), _SMOOTH_SECONDS / 4 / _HOP_SECONDS, mode="reflect")
    present = _with_hysteresis(level)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], present.astype(np.int8), [0]])))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        fast, slow = moves[begin:end].sum(axis=0)
        kind: VoiceKind = "speech" if fast > _SPEECH_RATIO * slow else "singing"
        yield VoiceStretch(round(int(begin) * _HOP_SECONDS, 2), round(int(end) * _HOP_SECONDS, 2), kind)


def _with_hysteresis(level: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where `level` (N,) is above `_LEAVE` in one piece with a place where it is above `_ENTER`."""
    from scipy import ndimage

    regions, count = ndimage.label(level > _LEAVE)
    highest = ndimage.maximum(level, regions, np.arange(1, count + 1)) if count else np.empty(0)
    return np.concatenate([[False], np.asarray(highest) > _ENTER])[regions]
