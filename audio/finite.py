"""A song with samples that are no sound: one that is not finite makes every frame black that hears it."""

from __future__ import annotations

from fractions import Fraction

import torch
from torch import Tensor

from ..loop_control.errors import PlanError
from ..loop_control.rates import clock_text

CHUNK_SAMPLES = 1 << 20
"""Samples of each channel that are looked at in one go, so that a long song takes no memory."""

LOUDEST = 1e6
"""Largest sample that is taken for sound; full scale is 1, so this is 120 dB louder."""


def first_not_finite(waveform: Tensor) -> int | None:
    """The first sample of `waveform` (..., N) at which a channel is NaN or infinite; None if there is none."""
    for begin in range(0, waveform.shape[-1], CHUNK_SAMPLES):
        bad = ~torch.isfinite(waveform[..., begin : begin + CHUNK_SAMPLES])
        if bad.any():
            return begin + int(bad.reshape(-1, bad.shape[-1]).any(dim=0).to(torch.uint8).argmax())
    return None


def refuse_not_finite(waveform: Tensor, sample_rate: int) -> None:
    """Refuses a waveform (B, C, N) with a sample that is NaN, infinite or beyond `LOUDEST`.

    Raises:
        PlanError: There is one; the message names the time of the first.
    """
    if _is_sound(waveform):
        return
    sample = first_not_finite(waveform)
    if sample is not None:
        values = waveform[..., sample].flatten()
        value = values[~torch.isfinite(values)][0].item()
        raise PlanError(
            f"the song is not a number at {clock_text(Fraction(sample, int(sample_rate)))} (sample {sample} is {value}), and "
            "every window that hears it would be black; export the song again, as WAV with 16 or 24 bits or as FLAC"
        )
    for begin in range(0, waveform.shape[-1], CHUNK_SAMPLES):
        chunk = waveform[..., begin : begin + CHUNK_SAMPLES]
        loud = (chunk.abs() > LOUDEST).reshape(-1, chunk.shape[-1]).any(dim=0)
        if loud.any():
            first = int(loud.to(torch.uint8).argmax())
            values = chunk[..., first].flatten()
            value, sample = values[values.abs().argmax()].item(), begin + first
            time = clock_text(Fraction(sample, int(sample_rate)))
            raise PlanError(
                f"the song is far too loud at {time} (sample {sample} is {value:g}; full scale is 1), which no "
                "encoder can hear; export the song again, as WAV with 16 or 24 bits or as FLAC"
            )


def _is_sound(waveform: Tensor) -> bool:
    """Whether every sample is a number that `LOUDEST` allows: one pass, eight times as fast as the search for the first."""
    for begin in range(0, waveform.shape[-1], CHUNK_SAMPLES):
        low, high = torch.aminmax(waveform[..., begin : begin + CHUNK_SAMPLES])
        # What is not a number is neither.
        if not (low >= -LOUDEST and high <= LOUDEST):
            return False
    return True
