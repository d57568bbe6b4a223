"""A window ready to sample: context first, room for new frames behind it, the song's audio beside it, fresh masks.

In ComfyUI's `noise_mask` 0 means "keep as given" and 1 means "make new"; the LTX models read it per frame as the
fraction of the sampler's noise level (`process_timestep` in comfy/model_base.py). The video mask has the shape (B, 1,
T, 1, 1) that ComfyUI's own LTX nodes write (comfy_extras/nodes_lt.py), the audio mask (B, 1, T, F), the shape of
`samples` with one channel, which `LTXVConcatAVLatent` passes on and the sampler spreads over the channels
(comfy/utils.py `reshape_mask`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import torch

from ..loop_control.units import audio_latents_for_clip, pixels_from_latents, pixels_from_new_latents
from .kinds import TIME_AXIS, Latent, LatentError, require_audio, require_video, shape_text, with_samples

KEEP = 0.0
MAKE_NEW = 1.0


def window_latent(
    context: Latent, audio_latent: Latent, window_latents: int, *, fps: Fraction | None = None
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Puts a window together from the context and the window's slice of the song.

    Args:
        context: video latent (B, C, N, H, W), the tail of the window before. A noise mask in it is ignored.
        audio_latent: audio latent (B, C, A, F) of the whole window, context included; B may be 1. A noise mask in it
            is ignored.
        window_latents: length T of the window in video latents, more than N.
        fps: pixel frames per second; if given, A must be the number of audio latents of the window, give or take the
            one that rounding absolute positions can move.

    Returns:
        The video latent (B, C, T, H, W): context, then zeros, which is what LTX calls empty; its mask (B, 1, T, 1, 1)
        is 0 on the context and 1 on new frames. The audio latent (B, C, A, F) with a mask (B, 1, A, F) of 0. A report
        of one line. Both masks are float32.

    Raises:
        LatentError: a wrong kind of latent, no room for a new frame, unequal batches, or audio of another length.
    """
    video = require_video(context, "context")
    audio = require_audio(audio_latent)
    batch, channels, context_latents, height, width = video.shape
    new_latents = window_latents - context_latents
    if new_latents < 1:
        raise LatentError(
            f"a window of {window_latents} latents has no room for a new frame behind a context of shape "
            f"{shape_text(video)}; use a window of at least {context_latents + 1} latents, or a context of at most "
            f"{window_latents - 1}"
        )
    if audio.shape[0] not in (1, batch):
        raise LatentError(
            f"audio_latent of shape {shape_text(audio)} has batch {audio.shape[0]}, the context of shape "
            f"{shape_text(video)} has {batch}; they must be equal, or the audio's 1"
        )
    window_px = pixels_from_latents(window_latents)
    audio_latents = audio.shape[TIME_AXIS]
    if fps is not None:
        _check_audio_length(audio_latents, audio_latents_for_clip(window_px, fps), window_px)

    video_samples = torch.cat([video, video.new_zeros(batch, channels, new_latents, height, width)], dim=TIME_AXIS)
    video_mask = torch.full((batch, 1, window_latents, 1, 1), MAKE_NEW, dtype=torch.float32, device=video.device)
    video_mask[:, :, :context_latents] = KEEP
    audio_samples = audio.expand(batch, -1, -1, -1).clone(memory_format=torch.contiguous_format)
    audio_mask = torch.full((batch, 1, audio_latents, audio.shape[3]), KEEP, dtype=torch.float32, device=audio.device)
    report = (
        f"window of {window_latents} latents ({window_px} px): context {context_latents} latents "
        f"({pixels_from_latents(context_latents)} px, mask 0), new {new_latents} latents "
        f"({pixels_from_new_latents(new_latents)} px, mask 1); audio {audio_latents} latents (mask 0)"
    )
    return (
        with_samples(context, video_samples, video_mask),
        with_samples(audio_latent, audio_samples, audio_mask),
        report,
    )


def _check_audio_length(found: int, expected: int, window_px: int) -> None:
    if abs(found - expected) <= 1:
        return
    way_out = (
        "pad the song with silence to the plan's end before encoding it"
        if found < expected
        else "cut the window's slice with AudioLatentWindow"
    )
    raise LatentError(
        f"audio_latent has {found} latents, a window of {window_px} px needs {expected}: "
        f"{abs(found - expected)} too {'few' if found < expected else 'many'}; {way_out}"
    )
