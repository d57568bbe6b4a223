"""Where somebody sings or speaks, in a full mix or in a vocal stem, and how high."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, Samples
from .glides import GLIDE_HOP_SAMPLES, GlideListener
from .pitch import PitchTracker
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
    """

    def __init__(self, is_stem: bool = False) -> None:
        self._glides = GlideListener()
        self._pitch = PitchTracker(in_mix=not is_stem, voicing_threshold=0.45 if is_stem else 0.2)
        self._samples = 0

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._samples += len(samples)
        self._glides.add(samples)
        self._pitch.add(samples)

    def result(self) -> Voice:
        """The voice in everything that was heard; call it once, at the end."""
        duration = self._samples / LISTENING_HZ
        moves = self._glides.moves()
        track = self._pitch.track()
        stretches = _stretches(moves, duration)
        times = np.arange(len(track.f0_hz)) * track.hop_seconds
        inside = np.zeros(len(times), np.bool_)
        for each in stretches:
            inside |= (times >= each.start_seconds) & (times < each.end_seconds)
        f0 = track.f0_hz[inside & track.voiced]
        low, median, high = (float(each) for each in np.percentile(f0, (5, 50, 95))) if len(f0) else (None, None, None)
        covered = sum(each.end_seconds - each.start_seconds for each in stretches)
        return Voice(
            stretches=stretches,
            fraction=min(1.0, covered / duration) if duration > 0 else 0.0,
            median_f0_hz=median,
            low_f0_hz=low,
            high_f0_hz=high,
            voiced_fraction=len(f0) / max(1, len(times)),
        )


def _stretches(moves: NDArray[np.bool_], duration: float) -> tuple[VoiceStretch, ...]:
    from scipy import ndimage

    if not len(moves):
        return ()
    level = ndimage.gaussian_filter1d(moves.mean(axis=1), _SMOOTH_SECONDS / 4 / _HOP_SECONDS, mode="reflect")
    present = _with_hysteresis(level)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], present.astype(np.int8), [0]])))
    found = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        fast, slow = moves[begin:end].sum(axis=0)
        kind: VoiceKind = "speech" if fast > _SPEECH_RATIO * slow else "singing"
        found.append(VoiceStretch(float(begin * _HOP_SECONDS), min(float(end * _HOP_SECONDS), duration), kind))
    return tuple(found)


def _with_hysteresis(level: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where `level` (N,) is above `_LEAVE` in one piece with a place where it is above `_ENTER`."""
    from scipy import ndimage

    regions, count = ndimage.label(level > _LEAVE)
    highest = ndimage.maximum(level, regions, np.arange(1, count + 1)) if count else np.empty(0)
    return np.concatenate([[False], np.asarray(highest) > _ENTER])[regions]
