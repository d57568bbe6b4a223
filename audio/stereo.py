"""The channels that the LTX audio encoder takes."""

from __future__ import annotations

import torch
from torch import Tensor

from ..loop_control.errors import PlanError

# ITU-R BS.775-3, table 2, in the channel order of WAV and FFmpeg: L R C LFE Ls Rs. The low-frequency channel is left out.
_SURROUND = 0.7071
_LEFT_OF_SIX = (1.0, 0.0, _SURROUND, 0.0, _SURROUND, 0.0)
_RIGHT_OF_SIX = (0.0, 1.0, _SURROUND, 0.0, 0.0, _SURROUND)


def to_stereo(waveform: Tensor) -> Tensor:
    """The waveform (B, C, N) with two channels: mono twice, 5.1 downmixed, stereo as it is.

    Raises:
        PlanError: Another number of channels.
    """
    channels = waveform.shape[1]
    if channels == 2:
        return waveform
    if channels == 1:
        return waveform.expand(-1, 2, -1)
    if channels == 6:
        mix = torch.tensor([_LEFT_OF_SIX, _RIGHT_OF_SIX], dtype=waveform.dtype, device=waveform.device)
        # Full-scale channels must not clip: the largest possible sum is scaled to 1.
        return torch.einsum("oc,bcn->bon", mix / mix.sum(dim=1, keepdim=True), waveform)
    raise PlanError(
        f"the audio has {channels} channels; mono, stereo and 5.1 (6 channels) can be used. Mix it down to stereo first"
    )
