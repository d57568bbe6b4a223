"""Offsets of pieces of a sound to a fraction of a sample, and the line through them.

Each piece is compared with the piece of the song that it should be, played at the pace that was found: generalised
cross-correlation with phase transform (Knapp and Carter, "The generalized correlation method for estimation of time delay",
1976). Loudness, filters and encoders hardly change phases, so that its peak is one sample wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...audio.analysis.framing import LISTENING_HZ

Floats = NDArray[np.float64]

PIECES = 24
PIECE_SECONDS = 2.0
REACH_SECONDS = 0.06

_BAND_HZ = (80.0, 4000.0)
_CLEAR_PEAK = 6.0
"""How far a peak rises above the root mean square of its surroundings; noise reaches 4 in so many places."""
_ROUNDS = 8
_SILENT = 16.0
"""Of 32768; -66 dB."""
_ON_LINE_SECONDS = 0.001


def fine_offsets(
    sound: NDArray[np.int16], song: NDArray[np.int16], offset_seconds: float, slope: float
) -> tuple[Floats, Floats, int]:
    """Seconds of pieces of a sound, their middles; their offsets in seconds; how many were sought. Only what is clear is found.

    Args:
        sound: Samples at 16 kHz.
        song: Samples at 16 kHz.
        offset_seconds: The rough offset at the sound's first sample: it comes so much later than the song.
        slope: By how much that grows each second.
    """
    length = min(round(PIECE_SECONDS * LISTENING_HZ), len(sound) // 2)
    begins = np.unique(np.linspace(0, len(sound) - length, PIECES).astype(np.intp)) if length else ()
    reach = round(REACH_SECONDS * LISTENING_HZ)
    seconds, offsets, sought = [], [], 0
    for begin in begins:
        at = begin + np.arange(length)
        where = at - (offset_seconds * LISTENING_HZ + slope * at)
        if where[0] < 0 or where[-1] > len(song) - 1:
            continue
        piece = sound[begin : begin + length].astype(np.float64)
        if piece.std() < _SILENT:
            continue
        sought += 1
        first = int(where[0])
        of_song = song[first : int(where[-1]) + 2].astype(np.float64)
        expected = np.interp(where - first, np.arange(len(of_song)), of_song)
        if (late := _late_by(piece, expected, reach)) is not None:
            middle = (begin + length / 2) / LISTENING_HZ
            seconds.append(middle)
            offsets.append(offset_seconds + slope * middle + late / LISTENING_HZ)
    return np.array(seconds), np.array(offsets), sought


def _late_by(piece: Floats, expected: Floats, reach: int) -> float | None:
    """Samples by which a piece comes later than expected; None if that is not clear."""
    from scipy import fft

    size = fft.next_fast_len(len(piece) + reach, real=True)
    window = np.hanning(len(piece))
    one, other = (fft.rfft((each - each.mean()) * window, size) for each in (piece, expected))
    cross = one * other.conj()
    hz = np.arange(len(cross)) * LISTENING_HZ / size
    strength = np.abs(cross)
    # What is inaudible in either has only noise for a phase.
    heard = (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1]) & (strength > 1e-6 * strength.max())
    if not heard.any():
        return None
    phases = np.where(heard, cross / np.maximum(strength, 1e-30), 0)
    whole = fft.irfft(phases, size)
    curve = np.concatenate([whole[-reach:], whole[: reach + 1]])
    peak = int(np.argmax(curve))
    if curve[peak] < _CLEAR_PEAK * float(np.sqrt(np.mean(whole**2))) or not 0 < peak < len(curve) - 1:
        return None
    before, here, after = curve[peak - 1 : peak + 2]
    return peak - reach + 0.5 * float((before - after) / (before - 2 * here + after))


def on_line(seconds: Floats, offsets: Floats, offset_seconds: float, slope: float) -> int:
    """Number of the pieces that lie within a millisecond of a line."""
    return int((np.abs(offsets - offset_seconds - slope * seconds) <= _ON_LINE_SECONDS).sum())


def robust_line(seconds: Floats, offsets: Floats) -> tuple[float, float, float, float]:
    """(offset at 0 s, slope, standard error of either) of a line through points, some of which may be far off.

    Least squares with Tukey's biweight, begun at the line of Theil and Sen. The errors are those of the points that count.

    Args:
        seconds: (n,), n >= 3, not all equal.
        offsets: (n,) in seconds.
    """
    one, other = np.triu_indices(len(seconds), 1)
    slope = float(np.median((offsets[other] - offsets[one]) / (seconds[other] - seconds[one])))
    offset = float(np.median(offsets - slope * seconds))
    spread = 0.0
    weights = np.ones(len(seconds))
    for _ in range(_ROUNDS):
        off = offsets - offset - slope * seconds
        # Half a sample is as near as a peak can be trusted.
        spread = max(1.4826 * float(np.median(np.abs(off))), 0.5 / LISTENING_HZ)
        weights = np.clip(1 - (off / (4.685 * spread)) ** 2, 0, None) ** 2
        middle = float((weights * seconds).sum() / weights.sum())
        width = float((weights * (seconds - middle) ** 2).sum())
        if width <= 0:
            break
        slope = float((weights * (seconds - middle) * offsets).sum() / width)
        offset = float((weights * offsets).sum() / weights.sum()) - slope * middle
    middle = float((weights * seconds).sum() / weights.sum())
    width = float((weights * (seconds - middle) ** 2).sum())
    of_slope = spread / np.sqrt(width)
    return offset, slope, float(np.sqrt(spread**2 / weights.sum() + (of_slope * middle) ** 2)), float(of_slope)
