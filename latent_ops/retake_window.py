"""A part of a finished video latent made again between neighbours that stay."""

from __future__ import annotations

from typing import Any

import torch

from ..loop_control.retake_span import RetakeSpan
from .audio_window import audio_latent_window
from .fade import fade_weights
from .kinds import TIME_AXIS, Latent, LatentError, cut, require_video, shape_text, with_samples
from .window import KEEP, MAKE_NEW

FADE = "smooth"


def retake_window(whole: Latent, audio_latent: Latent, span: RetakeSpan) -> tuple[dict[str, Any], dict[str, Any]]:
    """The window to sample.

    Args:
        whole: video latent (B, C, T, H, W) of the whole run.
        audio_latent: audio latent (1, C, A, F) of the whole song, padded to the plan's end.
        span: where.

    Returns:
        The video latent (B, C, W, H, W) as it was, with a mask (B, 1, W, 1, 1) of 0 on what stays and 1 on what is new or
        faded, and on a lead-in, of which `put_back` keeps the old; a sampler that starts below full noise keeps something of
        what was there. The audio latent of the window, with a mask of 0.

    Raises:
        LatentError: A wrong kind of latent, or one that ends before the window.
    """
    video = require_video(whole, "latent")
    _check_reaches(video, span)
    samples = cut(video, span.window_start, span.window_stop)
    mask = torch.full((samples.shape[0], 1, samples.shape[TIME_AXIS], 1, 1), MAKE_NEW, dtype=torch.float32)
    first, stop = (position - span.window_start for position in span.changed)
    mask[:, :, span.lead_in_latents : first] = KEEP
    mask[:, :, stop:] = KEEP
    audio = audio_latent_window(audio_latent, *span.audio_latents)
    batch, _, audio_latents, bins = audio["samples"].shape
    audio_mask = torch.full((batch, 1, audio_latents, bins), KEEP, dtype=torch.float32)
    return with_samples(whole, samples, mask), with_samples(audio, audio["samples"], audio_mask)


def put_back(whole: Latent, sampled: Latent, span: RetakeSpan) -> dict[str, Any]:
    """The whole video with the window in its place; what the span keeps is the old value, bit for bit.

    Args:
        whole: video latent (B, C, T, H, W) of the whole run.
        sampled: the window (B, C, W, H, W), guides taken off.
        span: where.

    Raises:
        LatentError: The window has another shape than was given to the sampler.
    """
    old = require_video(whole, "whole latent")
    new = require_video(sampled, "sampled window")
    _check_reaches(old, span)
    expected = (*old.shape[:TIME_AXIS], span.window_stop - span.window_start, *old.shape[TIME_AXIS + 1 :])
    if tuple(new.shape) != expected:
        raise LatentError(
            f"the sampled window has shape {shape_text(new)}, the retake was given one of {expected}; take the guides off "
            "with LTXVCropGuides, and change nothing else between the two nodes"
        )
    window = old.narrow(TIME_AXIS, span.window_start, expected[TIME_AXIS])
    # torch.lerp gives exactly the one side at weight 0 and exactly the other at 1.
    exact = torch.promote_types(old.dtype, torch.float32)
    weights = _weights(span).to(old.device, exact).view(-1, 1, 1)
    joined = torch.lerp(window.to(exact), new.to(old.device, exact), weights).to(old.dtype)
    result = old.clone()
    result.narrow(TIME_AXIS, span.window_start, expected[TIME_AXIS]).copy_(joined)
    return with_samples(whole, result)


def _weights(span: RetakeSpan) -> torch.Tensor:
    """Weights of the new frames over the window, shape (W,): 0 where it is kept, 1 where it is new."""
    weights = torch.zeros(span.window_stop - span.window_start)
    first, stop = (position - span.window_start for position in span.changed)
    weights[first:stop] = 1.0
    if span.fade_before:
        weights[first : first + span.fade_before] = fade_weights(span.fade_before, FADE)
    if span.fade_after:
        weights[stop - span.fade_after : stop] = fade_weights(span.fade_after, FADE).flip(0)
    return weights


def _check_reaches(video: torch.Tensor, span: RetakeSpan) -> None:
    if video.shape[TIME_AXIS] < span.window_stop:
        raise LatentError(
            f"the retake's window ends at latent {span.window_stop}, but the latent of shape {shape_text(video)} ends before; "
            "wire the whole run into it"
        )
