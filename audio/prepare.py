"""A song made ready for the LTX audio encoder: two channels, the encoder's rate, padded to the end of the last window."""

from __future__ import annotations

import torch
from torch import Tensor

from ..loop_control.audio_facts import ENCODE_HZ, audio_facts
from ..loop_control.plan import LoopPlan, PlanError
from .finite import refuse_not_finite
from .resample import resample

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


def pad_to_plan(waveform: Tensor, sample_rate: int, plan: LoopPlan) -> tuple[Tensor, int]:
    """The song for the audio encoder, with silence behind it up to the end of the plan's last window.

    Args:
        waveform: (1, C, N), the song that the plan was made for.
        sample_rate: Its samples per second.
        plan: The plan.

    Returns:
        The waveform (1, 2, `plan.encode_samples`) at `ENCODE_HZ`, and that rate. Its length is a whole number of encoder
        blocks: of anything else ComfyUI's encoder would cut a part from the front, and the song would come early.

    Raises:
        PlanError: This is not the song of the plan, its channels cannot be used, or a sample is no finite number.
    """
    facts = audio_facts(waveform.shape, sample_rate)
    if (facts.samples, facts.sample_rate) != (plan.audio_samples, plan.sample_rate):
        raise PlanError(
            f"the audio has {facts.samples} samples at {facts.sample_rate} Hz, but the plan was made for "
            f"{plan.audio_samples} at {plan.sample_rate} Hz; wire the same audio to the planner and to this node"
        )
    refuse_not_finite(waveform, sample_rate)
    stereo = resample(to_stereo(waveform.float()), int(sample_rate), ENCODE_HZ)
    missing = plan.encode_samples - stereo.shape[-1]
    return torch.nn.functional.pad(stereo, (0, missing)), ENCODE_HZ
