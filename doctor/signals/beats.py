"""A beat of the content, as flashes to music have it: its period is no whole number of frames, that of a decoder's tiles is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .robust import Series

SHORTEST_PX, LONGEST_PX = 4.0, 100.0
"""Beats that are looked for: 15 to 375 a minute at 25 frames a second."""

_FEWEST_PX = 100
_FEWEST = 12
_HARMONICS = 4
_FINER = 4
_TRIED = 6
_STANDS_OUT = 0.8
_OFTEN = 0.7
"""Share of the beats that must be among the upper fifth of their surroundings; of a multiple's beats only half are."""
_DRIFT_PX = 1.2
"""Frames by which a beat must leave the nearest whole period by the end, to be none of a decoder."""
_AS_WELL = 0.85
"""Of what a beat's frames exceed the usual by in all: a whole period whose frames do that much fits as well, and is simpler."""


_MEETS_PX = 3.0


@dataclass(frozen=True)
class Beat:
    """A beat.

    Attributes:
        period_px: Frames from one to the next.
        phase_px: Where it begins, in frames.
    """

    period_px: float
    phase_px: float

    def places(self, frames: int) -> NDArray[np.int64]:
        """The first frame of each beat, within `frames` frames."""
        number = np.arange(int((frames - 1 - self.phase_px) / self.period_px) + 1)
        places = np.ceil(self.phase_px + number * self.period_px).astype(np.int64)
        return np.asarray(places[places < frames])

    def has_multiple(self, period_px: int, frames: int) -> bool:
        """Whether a period is so many beats that it meets them through `frames` frames."""
        away = abs(period_px - round(period_px / self.period_px) * self.period_px)
        return away * (frames / period_px) < _MEETS_PX


def find_beat(scores: Iterable[Series]) -> Beat | None:
    """The clearest beat that is no whole number of frames; None if there is none.

    Args:
        scores: Each (N,), high where something happens.
    """
    found = [beat for series in scores if (beat := _beat_of(series)) is not None]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _beat_of(scores: Series) -> tuple[float, Beat] | None:
    frames = len(scores)
    if frames < _FEWEST_PX:
        return None
    spectrum = np.abs(np.fft.rfft(scores - scores.mean(), _FINER * frames)) ** 2
    spectrum /= max(float(np.median(spectrum)), 1e-12)
    first, last = int(_FINER * frames / LONGEST_PX), int(_FINER * frames / SHORTEST_PX)
    numbers = np.arange(max(first, 1), last)
    total = np.zeros(len(numbers))
    for harmonic in range(1, _HARMONICS + 1):
        places = np.minimum(numbers * harmonic, len(spectrum) - 1)
        total += np.where(numbers * harmonic < len(spectrum), np.minimum(spectrum[places], 200.0), 0)
    widened = np.maximum(scores, np.maximum(np.roll(scores, 1), np.roll(scores, -1)))
    high = widened > np.quantile(widened, _STANDS_OUT)
    for _ in range(_TRIED):
        best = int(total.argmax())
        if total[best] < 12 * _HARMONICS:
            return None
        period = _FINER * frames / float(numbers[best])
        beat = _refined(scores, period)
        places, period = beat.places(frames), beat.period_px
        drift = abs(period - round(period)) * len(places)
        beats = len(places) >= _FEWEST and drift > _DRIFT_PX and float(high[places].mean()) > _OFTEN
        if beats and not _fits_whole(scores, beat):
            return float(total[best]), beat
        total[max(0, best - 2 * _FINER) : best + 2 * _FINER + 1] = 0
    return None


def _refined(scores: Series, period_px: float) -> Beat:
    """The beat near a period whose frames have the largest sum of scores."""
    frames = len(scores)
    best = (-np.inf, Beat(period_px, 0.0))
    for width, steps, fine in ((period_px**2 / frames, 13, 0.5), (0.2 * period_px**2 / frames, 9, 0.1)):
        middle = best[1].period_px
        for period in np.linspace(max(middle - width / 2, 1.0), middle + width / 2, steps):
            number = np.arange(max(1, int(frames / period)))
            phases = np.arange(0, period, fine)
            places = np.ceil(phases[:, None] + number[None] * period).astype(np.int64)
            sums = scores[np.minimum(places, frames - 1)].mean(1)
            best = max(best, (float(sums.max()), Beat(float(period), float(phases[sums.argmax()]))), key=lambda pair: pair[0])
    return best[1]


def _fits_whole(scores: Series, beat: Beat) -> bool:
    """Whether the whole number of frames nearest to a beat's period explains the scores nearly as well."""
    period_px, frames = round(beat.period_px), len(scores)
    # Frames that are not usable score nothing, and speak for neither.
    beyond = np.where(scores > 0, scores - scores[scores > 0].mean(), 0.0)
    padded = np.zeros(-(-frames // period_px) * period_px)
    padded[:frames] = beyond
    whole = float(padded.reshape(-1, period_px).sum(0).max())
    return whole > _AS_WELL * float(beyond[beat.places(frames)].sum())


def beat_frames(beat: Beat, frames: int) -> NDArray[np.bool_]:
    """(frames,) True for the first frame of each beat, the one before and the next."""
    marked = np.zeros(frames + 2, np.bool_)
    for beside in range(3):
        marked[beat.places(frames) + beside] = True
    return marked[1:-1]


def without_beat(series: Series, beat: Beat) -> Series:
    """(N,) a series less what it usually does from each beat on."""
    frames = len(series)
    places = beat.places(frames)
    slow = np.convolve(np.pad(series, 25, mode="edge"), np.ones(51) / 51, mode="valid")
    rest = series - slow
    since = np.arange(frames) - places[np.maximum(np.searchsorted(places, np.arange(frames), side="right") - 1, 0)]
    usual = np.array(
        [np.median(rest[since == offset]) if (since == offset).any() else 0.0 for offset in range(int(since.max()) + 1)]
    )
    return np.asarray(np.where(since >= 0, series - usual[np.maximum(since, 0)], series), np.float64)
