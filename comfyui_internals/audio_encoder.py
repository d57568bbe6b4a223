"""One encode of a ComfyUI audio VAE, without what VAE.encode does around it.

`VAE.encode` cuts a part from the song's front, and if the device runs out of memory it answers with tiles, joined to a latent
of another length than the song has (645 latents for 1498). Here a lack of memory stays an error.
"""

from __future__ import annotations

from typing import Any

import torch

from .contact import Contact
from .device import can_load, device_context, load

ENCODER_LAYERS = Contact(
    "layers of LTX's audio encoder",
    "the song is encoded in one piece, which takes 20 MB of memory for each second of it",
)
SONG_STEPS = Contact("steps of VAE.encode", "a song cannot be encoded in pieces; use ComfyUI's LTXV Audio VAE Encode instead")
WAVE_RATE = Contact("rate of an audio VAE's sound", "44.1 kHz is taken, which is that of LTX")
LTX_AUDIO_VAE = ("comfy.ldm.lightricks", "AudioVAE")
"""Where the class of LTX 2's audio VAE lies, and its name."""

_STEPS = (
    *("device", "disable_offload", "memory_used_encode", "output_channels", "output_device", "patcher"),
    *("vae_dtype", "vae_output_dtype"),
)

LayerRow = tuple[int, int, int, int, int]
"""Kernel, stride, dilation, padding before and padding behind of a layer, along time."""


def why_no_song(vae: Any) -> str:
    """Why the object of a VAE socket cannot encode a song for LTX; "" if it can."""
    if not hasattr(vae, "first_stage_model"):
        return str(SONG_STEPS.refusal("no first_stage_model"))
    network = vae.first_stage_model
    if network is None:
        return "the audio_vae input holds no weights; check the checkpoint it is loaded from"
    module, name = LTX_AUDIO_VAE
    if type(network).__name__ != name or not type(network).__module__.startswith(module):
        return (
            f"the audio_vae input ({type(network).__name__}) does not encode sound for LTX; "
            "connect Load LTXV Audio VAE with the checkpoint of the video model"
        )
    missing = [step for step in _STEPS if not hasattr(vae, step)]
    if missing or not can_load():
        return str(SONG_STEPS.refusal(f"no {', '.join(missing) or 'load_models_gpu'}"))
    return ""


class AudioEncoder:
    """The network of a `comfy.sd.VAE` that encodes songs, and how ComfyUI runs it.

    Args:
        vae: The object of a VAE socket, of which `why_no_song` says "".
    """

    def __init__(self, vae: Any) -> None:
        self.vae = vae
        self.network = vae.first_stage_model

    @property
    def wave_hz(self) -> int:
        """Samples per second of the waveform that the network takes from VAE.encode."""
        if not hasattr(self.vae, "audio_sample_rate"):
            WAVE_RATE.is_gone(f"{type(self.vae).__name__} has no audio_sample_rate")
            return 44_100
        return int(self.vae.audio_sample_rate)

    @property
    def channels(self) -> int:
        """Channels of the waveform."""
        return int(self.vae.output_channels)

    def clock(self) -> tuple[int, tuple[LayerRow, ...]] | None:
        """Samples per second of the spectrum, and the layers that one latent passes through from those samples on.

        None, with one warning, if the network is built in a way that is not known, or looks at the whole song at once.
        """
        try:
            heard = self.network.preprocessor
            autoencoder = self.network.autoencoder
            # torch.stft with center=True: half a transform is padded on each side, as the reflected sound.
            spectrum = (int(heard.n_fft), int(heard.mel_hop_length), 1, int(heard.n_fft) // 2, int(heard.n_fft) // 2)
            return int(heard.target_sample_rate), (spectrum, *_rows(autoencoder.encoder))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            ENCODER_LAYERS.is_gone(error)
            return None

    def load(self, shape: tuple[int, int, int]) -> None:
        """Brings the network to its device with room for the encode of a waveform (B, C, N)."""
        load(self.vae.patcher, self.vae.memory_used_encode(shape, self.vae.vae_dtype), whole=self.vae.disable_offload)

    def encode(self, waveform: torch.Tensor) -> torch.Tensor:
        """The network's latents (B, C, T, F) of a waveform (B, C, N) at `wave_hz`, on ComfyUI's device for results."""
        with torch.inference_mode(), device_context(self.vae.device):
            latents = self.network.encode(waveform.to(self.vae.vae_dtype).to(self.vae.device))
            return latents.to(self.vae.output_device).to(dtype=self.vae.vae_output_dtype())


def _rows(encoder: Any) -> list[LayerRow]:
    """The layers of `CausalAudioAutoencoder`'s encoder along time, which is the height of its pictures.

    Its modules are registered in the order in which they run, and a block's shortcut has kernels of 1.
    """
    rows: list[LayerRow] = []
    known = set()
    for name, module in encoder.named_modules():
        kind = type(module).__name__
        if kind == "CausalConv2d":
            _, _, before, after = module.padding
        elif kind == "Downsample":
            before, after = _DOWNSAMPLE_PADDING[module.causality_axis.name]
        elif kind in ("AttnBlock", "GroupNorm") or (hasattr(module, "kernel_size") and module not in known):
            raise ValueError(f"{name} is a {kind}")
        else:
            continue
        rows.append(_row(module.conv, int(before), int(after)))
        known.add(module.conv)
    if not rows:
        raise ValueError(f"{type(encoder).__name__} has no layer of a known kind")
    return rows


# Time's share of the padding in `Downsample.forward`.
_DOWNSAMPLE_PADDING = {"NONE": (0, 1), "WIDTH": (0, 1), "HEIGHT": (2, 0), "WIDTH_COMPATIBILITY": (0, 1)}


def _row(conv: Any, before: int, after: int) -> LayerRow:
    return int(conv.kernel_size[0]), int(conv.stride[0]), int(conv.dilation[0]), before, after
