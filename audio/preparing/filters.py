"""Filters given by their analog response, as second-order sections that hold it at any sample rate.

The bilinear transform squeezes what lies near half the sample rate: at 16 kHz a bell at 6.5 kHz becomes far too narrow. Here
the poles are those of the analog filter, carried over by `z = exp(s / rate)`. The zeros are fitted: with given poles the
squared response is linear in the coefficients of its numerator, so least squares finds the best ones at once (after
M. Vicanek, "Matched Second Order Digital Filters", 2016, with more points and, for high bells, two more zeros). All zeros lie
inside the unit circle, so the filter is minimum-phase: no delay, and nothing is heard before an onset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sections = NDArray[np.float64]
"""Second-order sections (n, 6), as `scipy.signal.sosfilt` takes them."""

Frequencies = NDArray[np.float64]
Response = Callable[[Frequencies], NDArray[np.float64]]
"""From frequencies in Hz to amplitudes, 1 is unchanged."""

LOWEST_FITTED_HZ = 5.0
HIGHEST_FITTED = 0.46
"""Part of the sample rate up to which the response is fitted; just below half of it no filter can follow a slope."""

_POINTS = 500
_HIGH = 1 / 24
"""From this part of the sample rate on a bell gets two zeros more."""


@dataclass(frozen=True)
class HighPass:
    """Second-order Butterworth high-pass: H(s) = s^2 / (s^2 + sqrt(2) w s + w^2), w = 2 pi hz."""

    hz: float


@dataclass(frozen=True)
class Bell:
    """A peaking filter as the RBJ Audio EQ Cookbook has it: H(s) = (s^2 + s w A/Q + w^2) / (s^2 + s w/(A Q) + w^2).

    Attributes:
        hz: Its middle; w = 2 pi hz.
        q: Middle divided by width.
        gain_db: Gain in the middle; A = 10^(gain_db / 40).
    """

    hz: float
    q: float
    gain_db: float


Filter = HighPass | Bell


def analog_response(chain: Sequence[Filter], hz: Frequencies) -> NDArray[np.complex128]:
    """The complex response at these frequencies that a chain of filters is defined by."""
    s = 2j * np.pi * np.asarray(hz, np.float64)
    found = np.ones(s.shape, np.complex128)
    for each in chain:
        above, below = _analog(each)
        found *= np.polyval(above, s) / np.polyval(below, s)
    return found


def sections(chain: tuple[Filter, ...], sample_rate: int) -> Sections:
    """The chain at this sample rate; no section for an empty one. Within 0.1 dB of the definition up to 0.45 of the rate."""
    # A copy: scipy takes no read-only ones, and nobody may change what is remembered.
    return _sections(chain, sample_rate).copy()


@lru_cache(maxsize=64)
def _sections(chain: tuple[Filter, ...], sample_rate: int) -> Sections:
    made = [np.empty((0, 6))]
    for each in chain:
        poles = np.roots(_analog(each)[1])
        zeros, at_zero_hz = (2, 2) if isinstance(each, HighPass) else (4 if each.hz > _HIGH * sample_rate else 2, 0)
        made.append(fitted_sections(poles, partial(_amplitudes, each), sample_rate, zeros, at_zero_hz))
    return np.concatenate(made)


def fitted_sections(poles: NDArray[Any], response: Response, sample_rate: int, zeros: int, at_zero_hz: int) -> Sections:
    """Sections with two poles and the zeros that come nearest to a response, in proportion to it.

    Args:
        poles: Two, of the analog filter, in radians per second; a pair of conjugates, or both real.
        response: The amplitudes to follow.
        sample_rate: Samples per second.
        zeros: How many, even.
        at_zero_hz: How many of them lie at 0 Hz itself, so that a constant offset becomes nothing; even.
    """
    top = HIGHEST_FITTED * sample_rate
    hz = np.concatenate([np.geomspace(LOWEST_FITTED_HZ, top, _POINTS), np.linspace(LOWEST_FITTED_HZ, top, _POINTS)])
    wanted = response(hz)
    below = np.real(np.poly(np.exp(poles / sample_rate)))
    around = np.exp(2j * np.pi * hz / sample_rate)
    # |1 - z|^2: the squared response of any numerator is a polynomial in it.
    step = np.abs(1 - around) ** 2
    powers = np.arange(at_zero_hz, zeros + 1)
    columns = step[:, None] ** powers / (np.abs(np.polyval(below, around)) * wanted)[:, None] ** 2
    scale = np.linalg.norm(columns, axis=0)
    found = np.linalg.lstsq(columns / scale, np.ones(len(hz)), rcond=None)[0] / scale
    inside = [_inside(root) for root in np.roots(found[::-1])]
    above = np.real(np.poly(np.concatenate([np.ones(at_zero_hz), inside])))
    made = np.abs(np.polyval(above, around) / np.polyval(below, around))
    gain = np.exp(np.mean(np.log(wanted / made)))
    return _as_sections(above * gain, below)


def _amplitudes(each: Filter, hz: Frequencies) -> NDArray[np.float64]:
    return np.abs(analog_response((each,), hz))


def _inside(root: complex) -> complex:
    """The zero inside the unit circle for which |1 - z|^2 is `root`: z + 1/z = 2 - root."""
    both = np.roots([1, root - 2, 1])
    return complex(both[np.argmin(np.abs(both))])


def _as_sections(above: NDArray[np.float64], below: NDArray[np.float64]) -> Sections:
    from scipy.signal import tf2sos

    if len(above) == len(below):
        # Roots found again would no longer lie at 0 Hz exactly.
        return np.concatenate([above, below])[None]
    padded = np.pad(below, (0, len(above) - len(below)))
    return np.asarray(tf2sos(above, padded), np.float64)


def _analog(each: Filter) -> tuple[list[float], list[float]]:
    w = 2 * np.pi * each.hz
    if isinstance(each, HighPass):
        return [1.0, 0.0, 0.0], [1.0, np.sqrt(2) * w, w * w]
    a = 10 ** (each.gain_db / 40)
    return [1.0, w * a / each.q, w * w], [1.0, w / (a * each.q), w * w]
