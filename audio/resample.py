"""Another sample rate, with what is there: ComfyUI's own resampler, torchaudio's, or SciPy's with the same filter.

All three are the same windowed sinc, that of torchaudio's defaults, and give the same samples to within rounding. The first
two hold a table of one row per output phase; between 44 101 and 44 100 Hz, which share no divisor, it would take 15 GB. SciPy
holds only the taps that are not 0 and works through the song in pieces, so it serves every rate.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from ..loop_control.errors import PlanError
from .rate_change import block, reach, resampling_filter

LARGEST_TABLE = 1 << 18
"""Elements of a library's table up to which it is used. Above that it is slower, and less exact: it counts in floats."""

PIECE_SAMPLES = 1 << 20
"""Output samples that are computed in one go."""

HIGHEST_HZ = 1_536_000
"""The fastest converters that there are; the filter's length grows with the rate."""

Resampler = Callable[[Tensor, int, int], Tensor]


def resample(waveform: Tensor, from_hz: int, to_hz: int) -> Tensor:
    """The waveform (..., N) at another rate, (..., ceil(N * to_hz / from_hz)), in memory in proportion to its length.

    Raises:
        PlanError: A rate is above `HIGHEST_HZ`.
    """
    if from_hz == to_hz:
        return waveform
    if max(from_hz, to_hz) > HIGHEST_HZ:
        raise PlanError(f"the audio has {max(from_hz, to_hz)} samples per second; up to {HIGHEST_HZ} can be resampled")
    old, new = block(from_hz, to_hz)
    library = library_resampler() if new * (old + 2 * reach(old, new)) <= LARGEST_TABLE else None
    return library(waveform, from_hz, to_hz) if library else resample_in_pieces(waveform, old, new)


def library_resampler() -> Resampler | None:
    """ComfyUI's resampler, else torchaudio's; None if there is neither, or what is there cannot be loaded."""
    for module in ("comfy.audio", "torchaudio.functional"):
        try:
            return importlib.import_module(module).resample
        except (ImportError, AttributeError, OSError, RuntimeError):
            # A torchaudio that was built for another torch ends in an OSError or a RuntimeError.
            continue
    return None


def resample_in_pieces(waveform: Tensor, old: int, new: int) -> Tensor:
    """The waveform (..., N) with `new` samples for every `old`, which share no divisor; both lie at the same moment."""
    from scipy.signal import upfirdn

    samples = waveform.shape[-1]
    heard = waveform.detach().reshape(-1, samples).float().cpu().numpy()
    length = -(-samples * new // old)
    made = np.empty((heard.shape[0], length), dtype=np.float32)
    taps, delay = resampling_filter(old, new)
    # A block is `old` samples that become `new`: where it begins, the two lie at the same moment.
    blocks, lead = max(1, PIECE_SAMPLES // new), -(-reach(old, new) // old)
    for begin in range(0, -(-length // new), blocks):
        piece = _cut(heard, (begin - lead) * old, (begin + blocks) * old + reach(old, new) + 1)
        first, wanted = lead * new + delay, made[:, begin * new : (begin + blocks) * new]
        wanted[:] = upfirdn(taps, piece, new, old)[:, first : first + wanted.shape[1]]
    return torch.from_numpy(made).reshape(*waveform.shape[:-1], length).to(waveform)


def _cut(heard: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Samples `[begin, end)`, with silence before the first and behind the last."""
    inside = heard[:, max(begin, 0) : max(min(end, heard.shape[1]), 0)]
    front = max(-begin, 0)
    return np.pad(inside, ((0, 0), (front, end - begin - front - inside.shape[1])))
