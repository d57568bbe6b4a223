"""Facts about latents, asked of the objects of ComfyUI's sockets: grid, channels, audio rate, marker of keyframes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .contact import Contact

VIDEO_GRID = Contact("grid of a video VAE", "the plan takes that of LTX 2.3 and 2.5; unwire video_vae")
AUDIO_GRID = Contact("grid of an audio VAE", "the plan takes that of LTX 2.3 and 2.5; unwire audio_vae")
MODEL_AUDIO = Contact("audio side of an LTX model", "whether the audio VAE belongs to the model is not known")
KEYFRAME_MARKER = Contact("marker of keyframes in LTX 2.5", "this model cannot be sampled as it was trained; update ComfyUI")

MODEL_CONFIG = Contact(
    "configuration of a model", "a model of LTX 2.5 is not refused by a ComfyUI that takes it for one of LTX 2.3"
)

MARKER_SINCE = "0.32.0"
"""The first ComfyUI that knows LTX 2.5."""


def video_grid(vae: Any) -> tuple[tuple[int, int, int], int]:
    """Pixels per latent in time, height and width, and channels, of the object of a VAE socket.

    Raises:
        ComfyUIChangedError: This ComfyUI says it otherwise.
        ValueError: It is no video VAE.
    """
    try:
        formula, channels = vae.downscale_index_formula, int(vae.latent_channels)
    except AttributeError as error:
        raise VIDEO_GRID.refusal(error) from error
    if formula is None:
        raise ValueError(f"video_vae is {_network(vae)}, which is no video VAE; wire the one that decodes the pictures")
    time, height, width = (int(size) for size in formula)
    return (time, height, width), channels


def audio_grid(vae: Any) -> tuple[Fraction, int, int]:
    """Latents per second, channels and bins, of the object of a VAE socket.

    Raises:
        ComfyUIChangedError: This ComfyUI says it otherwise.
        ValueError: It is no audio VAE of LTX's.
    """
    network: Any = getattr(vae, "first_stage_model", None)
    if not any(hasattr(network, name) for name in ("preprocessor", "latents_per_second", "latent_frequency_bins")):
        raise ValueError(f"audio_vae is {_network(vae)}, which is no audio VAE of LTX; wire the one that encodes the song")
    try:
        return _rate(network.latents_per_second), int(network.latent_channels), int(network.latent_frequency_bins)
    except (AttributeError, TypeError) as error:
        raise AUDIO_GRID.refusal(error) from error


def model_audio_grid(model: Any) -> tuple[Fraction, int, int] | None:
    """As `audio_grid`, of the object of a MODEL socket; None if it does not say."""
    network = _diffusion_model(model)
    try:
        patches = network.a_patchifier
        rate = Fraction(int(patches.sample_rate), int(patches.hop_length) * int(patches.audio_latent_downsample_factor))
        return rate, int(network.num_audio_channels), int(network.audio_frequency_bins)
    except (AttributeError, TypeError) as error:
        MODEL_AUDIO.is_gone(error)
        return None


def marks_keyframes(model: Any) -> bool:
    """Whether the object of a MODEL socket takes the latent at time 0 for a single picture, as LTX 2.5 does.

    Raises:
        ComfyUIChangedError: The file is of such a model, but this ComfyUI made one without the marker from it.
    """
    network = _diffusion_model(model)
    if getattr(network, "keyframes_abs_pos_embedding", None) is not None:
        return True
    try:
        is_marked = model.model.model_config.unet_config.get("use_keyframes_abs_pos_embedding")
    except AttributeError as error:
        MODEL_CONFIG.is_gone(error)
        return False
    if is_marked:
        raise KEYFRAME_MARKER.refusal(f"it is there since {MARKER_SINCE}")
    return False


def _diffusion_model(model: Any) -> Any:
    return getattr(getattr(model, "model", None), "diffusion_model", None)


def _network(vae: Any) -> str:
    return type(getattr(vae, "first_stage_model", vae)).__name__


def _rate(per_second: float) -> Fraction:
    return Fraction(per_second).limit_denominator(1_000_000)
