"""A song with samples that are not finite numbers: one of them makes every frame black that hears it."""

from __future__ import annotations

from fractions import Fraction

import torch
from torch import Tensor

from ..loop_control.errors import PlanError
from ..loop_control.rates import clock_text

CHUNK_SAMPLES = 1 << 20
"""Samples of each channel that are looked at in one go, so that a long song takes no memory."""


def first_not_finite(waveform: Tensor) -> int | None:
    """The first sample of `waveform` (..., N) at which a channel is NaN or infinite; None if there is none."""
    for begin in range(0, waveform.shape[-1], CHUNK_SAMPLES):
        bad = ~torch.isfinite(waveform[..., begin : begin + CHUNK_SAMPLES])
        if bad.any():
            return begin + int(bad.reshape(-1, bad.shape[-1]).any(dim=0).to(torch.uint8).argmax())
    return None


def refuse_not_finite(waveform: Tensor, sample_rate: int) -> None:
    """Refuses a waveform (B, C, N) with a sample that is NaN or infinite.

    Raises:
        PlanError: There is one; the message names the time of the first.
    """
    sample = first_not_finite(waveform)
    if sample is not None:
        values = waveform[..., sample].flatten()
        value = values[~torch.isfinite(values)][0].item()
        raise PlanError(
            f"the song is not a number at {clock_text(Fraction(sample, int(sample_rate)))} (sample {sample} is {value}), and "
            "every window that hears it would be black; export the song again, as WAV with 16 or 24 bits or as FLAC"
        )
