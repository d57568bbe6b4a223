"""A window ready to sample: context first, room for new frames behind it, the song's audio beside it, fresh masks.

In ComfyUI's `noise_mask` 0 means "keep as given" and 1 means "make new"; the LTX models read it per frame as the
fraction of the sampler's noise level (`process_timestep` in comfy/model_base.py). The video mask has the shape (B, 1,
T, 1, 1) that ComfyUI's own LTX nodes write (comfy_extras/nodes_lt.py), the audio mask (B, 1, T, F), the shape of
`samples` with one channel, which `LTXVConcatAVLatent` passes on and the sampler spreads over the channels
(comfy/utils.py `reshape_mask`).
"""

from __future__ import annotations

from typing import Any

import torch

from ..loop_control.units import pixels_from_latents, pixels_from_new_latents
from .kinds import TIME_AXIS, Latent, LatentError, require_audio, require_video, shape_text, with_samples

KEEP = 0.0
MAKE_NEW = 1.0


def window_latent(
    context: Latent,
    audio_latent: Latent,
    window_latents: int,
    *,
    expected_audio_latents: int | None = None,
    lead_in_latents: int = 0,
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Puts a window together from the context and the window's slice of the song.

    Args:
        context: video latent (B, C, N, H, W), the tail of the window before. A noise mask in it is ignored.
        audio_latent: audio latent (B, C, A, F) of the whole window, context included; B may be 1. A noise mask in it
            is ignored.
        window_latents: length T of the window in video latents, more than N.
        expected_audio_latents: what A must be, give or take the one that rounding absolute positions can move; any if None.
        lead_in_latents: fewer than N; the first latents of the context that the model makes anew (mask 1, zeros), because it
            takes them for a picture: see `loop_control.model_facts`.

    Returns:
        The video latent (B, C, T, H, W): context, then zeros, which is what LTX calls empty; its mask (B, 1, T, 1, 1)
        is 0 on the context behind the lead-in and 1 on what is made. The audio latent (B, C, A, F) with a mask (B, 1, A, F)
        of 0. A report of one line. Both masks are float32.

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
    if expected_audio_latents is not None:
        _check_audio_length(audio_latents, expected_audio_latents, window_px)
    if not 0 <= lead_in_latents < context_latents:
        raise LatentError(
            f"a lead-in of {lead_in_latents} latents leaves nothing of a context of shape {shape_text(video)}; "
            f"use a context of at least {lead_in_latents + 1} latents"
        )

    video_samples = torch.cat([video, video.new_zeros(batch, channels, new_latents, height, width)], dim=TIME_AXIS)
    video_mask = torch.full((batch, 1, window_latents, 1, 1), MAKE_NEW, dtype=torch.float32, device=video.device)
    video_mask[:, :, lead_in_latents:context_latents] = KEEP
    video_samples[:, :, :lead_in_latents] = 0.0
    audio_samples = audio.expand(batch, -1, -1, -1).clone(memory_format=torch.contiguous_format)
    audio_mask = torch.full((batch, 1, audio_latents, audio.shape[3]), KEEP, dtype=torch.float32, device=audio.device)
    report = (
        f"window of {window_latents} latents ({window_px} px): context {context_latents} latents "
        f"({pixels_from_latents(context_latents)} px, mask 0{_but_for(lead_in_latents)}), new {new_latents} latents "
        f"({pixels_from_new_latents(new_latents)} px, mask 1); audio {audio_latents} latents (mask 0)"
    )
    return (
        with_samples(context, video_samples, video_mask),
        with_samples(audio_latent, audio_samples, audio_mask),
        report,
    )


def _but_for(lead_in_latents: int) -> str:
    return f", but {lead_in_latents} of lead-in that is made and not kept" if lead_in_latents else ""


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
